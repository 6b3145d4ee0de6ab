import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { attestations } from "@/db/schema/facts";
import { models } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import { warnOfEvidence } from "@/lib/evidence/warn";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import {
  days,
  evidence,
  mara,
  monday,
  outsider,
  type Readiness,
  rafael,
  service,
  testReadiness,
  tomas,
} from "@/lib/testing/readiness";
import { assess } from "./assess";
import { attest, confirmNotApplicable, revokeAttestation } from "./attest";
import { modelReadiness } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

test("an attestation counts until it runs out, then the item is unknown again", async () => {
  await attest(w.as(mara), { name: w.model.name, items: ["rel-1"], ...evidence });
  expect(await w.item("rel-1")).toMatchObject({ state: "pass", source: "Mara Lindqvist" });
  expect(await w.item("rel-1", days(179))).toMatchObject({ state: "pass" });
  expect(await w.item("rel-1", days(181))).toMatchObject({ state: "unknown", cause: "stale" });
  const [row] = await t.db.select().from(models).where(eq(models.id, w.model.id));
  expect(row?.readinessPass).toBe((await assess(t.db, w.model.id, null, monday)).counts.pass);
  expect(await w.logged()).toEqual(["readiness.attested"]);
});

test("a newer attestation replaces the older, a revoked one no longer counts", async () => {
  await attest(w.as(mara), { name: w.model.name, items: ["rel-1", "run-1"], ...evidence });
  const again = await attest(w.as(tomas, days(1)), {
    name: w.model.name,
    items: ["rel-1"],
    ...evidence,
    outcome: "fail",
  });
  expect(await w.item("rel-1", days(1))).toMatchObject({ state: "fail", source: "Tomas Havel" });
  expect(await w.item("run-1", days(1))).toMatchObject({ state: "pass" });
  const id = again.attestations[0]?.id;
  await revokeAttestation(w.as(mara, days(2)), { id, reason: "The drill was done on the wrong service." });
  expect(await w.item("rel-1", days(2))).toMatchObject({ state: "unknown" });
  await expect(revokeAttestation(w.as(mara, days(2)), { id, reason: "Once more, the same." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ["too short a statement", { statement: "works" }, "statement"],
  ["pass without evidence", { evidenceSha256: undefined }, "evidenceUrl"],
  ["a file nobody uploaded", { evidenceSha256: "b".repeat(64) }, "evidenceSha256"],
  ["a day in the future", { effectiveOn: "2026-12-24" }, "effectiveOn"],
  ["longer than the item allows", { expiresOn: "2027-11-16" }, "expiresOn"],
  ["an unknown item", { items: ["rel-99"] }, "item"],
  ["not applicable without a reason", { outcome: "not_applicable" }, "notApplicableReason"],
  ["a link that is no link", { evidenceUrl: "javascript:alert(1)" }, "evidenceUrl"],
])("an attestation with %s is refused and names the field", async (_what, over, field) => {
  await expect(
    attest(w.as(mara), { name: w.model.name, items: ["rel-1"], ...evidence, ...over }),
  ).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field }],
  });
  expect(await w.logged()).toEqual([]);
});

test("only people of the unit attest; a service pushes facts instead", async () => {
  await expect(attest(w.as(outsider), { name: w.model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(attest(w.as(rafael), { name: w.model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(attest(w.as(service), { name: w.model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("Push a fact"),
  });
});

test("in tier 1 what does not apply needs a second person", async () => {
  await t.db.update(models).set({ tier: 1 }).where(eq(models.id, w.model.id));
  const said = await attest(w.as(mara), {
    name: w.model.name,
    items: ["fai-1"],
    outcome: "not_applicable",
    notApplicableReason: "no_people_affected",
    statement: "The model scores merchants' terminals and never people.",
  });
  const id = said.attestations[0]?.id;
  expect(await w.item("fai-1")).toMatchObject({ state: "unknown", cause: "not_attempted" });
  await expect(confirmNotApplicable(w.as(mara), { id })).rejects.toMatchObject({ code: "forbidden" });
  await confirmNotApplicable(w.as(rafael), { id });
  expect(await w.item("fai-1")).toMatchObject({ state: "not_applicable" });
});

const _waiver = {
  item: "rel-2",
  reason: "The rollout controller arrives with the platform upgrade in January.",
  compensation: "Shadow traffic for a week, and a person watches the first hour.",
};

test("attestations that run out are warned of once at each step, and stand in the owner's queue; what was replaced is shown", async () => {
  const named = { name: w.model.name, items: ["rel-1"], ...evidence };
  await attest(w.as(mara), named);
  await attest(w.as(mara), { ...named, statement: "Drilled again, a minute faster than before." });
  const view = await modelReadiness(w.as(mara), { name: w.model.name });
  expect([view.attestations.length, view.earlier.length]).toEqual([1, 1]);
  expect(view.earlier[0]).toMatchObject({ statement: evidence.statement, byName: "Mara Lindqvist" });
  const warned = async (at: number) => {
    await warnOfEvidence(w.as(systemActor, days(at)), {});
    const rows = await t.db.select().from(attestations).where(eq(attestations.modelId, w.model.id));
    return rows.find((row) => row.supersededAt === null)?.warned;
  };
  expect(await warned(149)).toEqual([]);
  expect(await warned(151)).toEqual([30]);
  expect(await warned(167)).toEqual([14, 30]);
  expect((await warnOfEvidence(w.as(systemActor, days(167.1)), {})).warned).toBe(0);
  const queue = await myQueue(w.as(mara, days(160)), {});
  expect(queue.find((i) => i.lane === "Evidence" && i.model === w.model.name)).toMatchObject({ promise: "runs out" });
  await expect(warnOfEvidence(w.as(mara), {})).rejects.toMatchObject({ code: "forbidden" });
});
