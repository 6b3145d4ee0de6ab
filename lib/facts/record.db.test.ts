import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import type { NewFact } from "./fact";
import { currentFacts } from "./queries";
import { recordFacts } from "./record";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const monday = new Date("2026-11-16T08:00:00Z");
const tuesday = new Date("2026-11-17T08:00:00Z");
const version = newId();

const fact = (over: Partial<NewFact>): NewFact => ({
  subjectKind: "model_version",
  subjectId: version,
  key: "run.commit",
  value: "4f2a91c",
  effectiveAt: monday,
  collectedAt: monday,
  source: { kind: "connection", id: "mlflow-eu", name: "MLflow EU", runRef: "sync-1" },
  ...over,
});
const record = (facts: NewFact[], now: Date) => database.db.transaction((tx) => recordFacts(tx, facts, now));

test("the same value again is seen again, not recorded again; a changed one supersedes", async () => {
  const metrics = fact({ key: "run.metrics", value: { auc: 0.91, loss: 0.2 } });
  expect(await record([fact({}), metrics], monday)).toEqual({ changed: 2, refreshed: 0, late: 0 });
  expect(
    await record([fact({ collectedAt: tuesday }), { ...metrics, value: { loss: 0.2, auc: 0.91 } }], tuesday),
  ).toEqual({ changed: 0, refreshed: 2, late: 0 });
  expect(await record([{ ...metrics, value: { auc: 0.92, loss: 0.2 }, collectedAt: tuesday }], tuesday)).toEqual({
    changed: 1,
    refreshed: 0,
    late: 0,
  });

  const current = await currentFacts(database.db, [version]);
  expect(current.map((f) => [f.key, f.value, f.recordedAt])).toEqual([
    ["run.commit", "4f2a91c", monday],
    ["run.metrics", { auc: 0.92, loss: 0.2 }, tuesday],
  ]);
  expect(current[0]?.collectedAt).toEqual(tuesday);
  expect(current[0]?.source).toEqual({ kind: "connection", id: "mlflow-eu", name: "MLflow EU", runRef: "sync-1" });
  const { rows } = await database.db.execute<{ n: number }>("select count(*)::int as n from fact");
  expect(rows[0]?.n).toBe(3);
});

test("two sources keep a value each", async () => {
  await record([fact({ value: "77aa001", source: { kind: "push", id: "ci", name: "CI" } })], tuesday);
  const commits = (await currentFacts(database.db, [version])).filter((f) => f.key === "run.commit");
  expect(commits.map((f) => [f.source.name, f.value])).toEqual([
    ["MLflow EU", "4f2a91c"],
    ["CI", "77aa001"],
  ]);
});

test("of several values for one key in a batch the last counts", async () => {
  const subject = newId();
  await record([fact({ subjectId: subject, value: "a" }), fact({ subjectId: subject, value: "b" })], tuesday);
  expect((await currentFacts(database.db, [subject])).map((f) => f.value)).toEqual(["b"]);
});

test("a key outside the catalogue or a value of the wrong type is a fault and nothing is written", async () => {
  const subject = newId();
  await expect(record([fact({ subjectId: subject }), fact({ key: "run.comit" })], monday)).rejects.toThrow("run.comit");
  await expect(record([fact({ subjectId: subject, value: 4 })], monday)).rejects.toThrow("run.commit does not take 4");
  expect(await currentFacts(database.db, [subject])).toEqual([]);
});

test("what comes late is history, once, and never replaces what was confirmed since", async () => {
  const subject = newId();
  const rate = (value: number, day: number) =>
    fact({
      subjectId: subject,
      subjectKind: "model",
      key: "slo.attainment",
      value,
      effectiveAt: new Date(monday.getTime() + day * 86_400_000),
      collectedAt: tuesday,
    });
  expect(await record([rate(0.99, 0)], tuesday)).toEqual({ changed: 1, refreshed: 0, late: 0 });
  // The same value is seen again three days later: it held all the while.
  expect(await record([rate(0.99, 3)], tuesday)).toEqual({ changed: 0, refreshed: 1, late: 0 });
  expect(await record([rate(0.5, 2)], tuesday)).toEqual({ changed: 0, refreshed: 0, late: 1 });
  expect(await record([rate(0.5, 2)], tuesday)).toEqual({ changed: 0, refreshed: 1, late: 0 });
  expect((await currentFacts(database.db, [subject])).map((f) => f.value)).toEqual([0.99]);
  // One batch, out of order: the newest is in force, the others are history.
  expect(await record([rate(0.97, 6), rate(0.96, 5), rate(0.95, 4)], tuesday)).toEqual({
    changed: 1,
    refreshed: 0,
    late: 2,
  });
  expect((await currentFacts(database.db, [subject])).map((f) => f.value)).toEqual([0.97]);
});
