import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { models } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { checkGate } from "@/lib/releases/check-gate";
import { explainGate } from "@/lib/releases/queries";
import { requestRelease } from "@/lib/releases/request";
import { gateJobs } from "@/lib/releases/turn";
import { withdrawRelease } from "@/lib/releases/withdraw";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { declareFreeze, exemptRelease, liftFreeze } from "./keep";
import { findFreezes } from "./queries";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
let chair: Ctx;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
  chair = await t.person("Ingrid Solberg", "board_chair");
});
afterAll(() => database.drop());
beforeEach(() => at("2026-11-02T09:00:00Z"));

const at = (instant: string) => {
  t.now.at = new Date(instant);
};
const reason = "The books of the quarter are closed.";
const window = {
  environment: "prod",
  fromDay: "2026-11-04",
  fromTime: "18:00",
  untilDay: "2026-11-06",
  untilTime: "08:00",
  reason,
};
type Model = Awaited<ReturnType<typeof t.model>>;
const ask = (m: Model) =>
  checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod" });
async function signed() {
  const m = await t.model();
  const { ref } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
  await t.sign(t.architect, ref);
  return { m, ref };
}

test("before its time a freeze is announced, in its time it stops the gate until its end, an exemption lets one release through", async () => {
  const { m, ref: rel } = await signed();
  const { ref } = await declareFreeze(chair, window);
  const before = await explainGate(t.owner, { model: m.name, version: m.version });
  expect(before.decision).toBe("allow");
  expect(before.upcoming).toContainEqual(expect.objectContaining({ on: "2026-11-04", code: "RELEASE_FROZEN" }));

  at("2026-11-05T12:00:00Z");
  const answer = await ask(m);
  expect(answer.decision).toBe("deny");
  expect(answer.reasons).toEqual([
    expect.objectContaining({
      code: "RELEASE_FROZEN",
      text: expect.stringContaining(`are frozen until 2026-11-06 08:00 (UTC): ${reason} (${ref})`),
      unblock: "exempt this release with a reason, or lift the freeze",
      link: "/releases/freezes",
    }),
  ]);
  const other = await signed();
  await exemptRelease(chair, { ref, release: rel, reason: "A fix that the close itself needs." });
  const after = await ask(m);
  expect(after.decision).toBe("allow");
  expect(after.warnings).toContainEqual(
    expect.objectContaining({ code: "FREEZE_EXEMPTED", text: expect.stringContaining("Ingrid Solberg exempted") }),
  );
  expect((await ask(other.m)).decision).toBe("deny");
  await expect(exemptRelease(chair, { ref, release: rel, reason: "Once more, to be sure." })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await findFreezes(t.owner, {})).items[0]).toMatchObject({
    ref,
    state: "active",
    exemptions: [{ release: rel, by: "Ingrid Solberg" }],
  });
  at("2026-11-06T08:00:00Z");
  expect((await ask(other.m)).decision).toBe("allow");
});

test("a lifted freeze stops nothing, and a freeze of a unit stops that unit only", async () => {
  const { m } = await signed();
  const { ref } = await declareFreeze(chair, {
    ...window,
    fromDay: "2026-11-02",
    fromTime: "09:00",
    businessUnit: "retail",
  });
  expect((await ask(m)).reasons.map((r) => r.code)).toEqual(["RELEASE_FROZEN"]);
  const elsewhere = await t.model({ businessUnitId: null });
  const { ref: rel } = await requestRelease(t.owner, { model: elsewhere.name, version: "1.0.0", environment: "prod" });
  expect((await ask(elsewhere)).reasons.map((r) => r.code)).not.toContain("RELEASE_FROZEN");
  await expect(exemptRelease(chair, { ref, release: rel, reason: "It is not even covered." })).rejects.toThrow(
    /does not cover/,
  );
  const local = await t.person("Unit Security", "security", [t.units.retail]);
  const all = await declareFreeze(chair, { ...window, fromDay: "2026-11-02", fromTime: "09:00" });
  await liftFreeze(chair, { ref, reason: "The close was moved by a week." });
  const own = (await explainGate(t.owner, { model: m.name, version: m.version })).release ?? "";
  // A keeper of the unit exempts there from everyone's freeze, but does not lift it; of one that was lifted there is nothing to exempt.
  await expect(liftFreeze(local, { ref: all.ref, reason: "Only our unit needs it." })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(exemptRelease(local, { ref, release: own, reason: "It was lifted already." })).rejects.toThrow(
    /lifted already/,
  );
  await exemptRelease(local, { ref: all.ref, release: own, reason: "Only our unit needs it." });
  at("2026-11-02T09:00:01Z");
  expect((await ask(m)).decision).toBe("allow");
  await expect(liftFreeze(chair, { ref, reason: "Once more, to be sure." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("only the chair, security and model risk keep freezes, nobody exempts their own release, and windows make sense", async () => {
  for (const ctx of [t.owner, t.architect, await t.person("Elin Brandt", "admin"), t.service("ci")])
    await expect(declareFreeze(ctx, window)).rejects.toMatchObject({ code: "forbidden" });
  const local = await t.person("Local Security", "security", [t.units.retail]);
  await expect(declareFreeze(local, window)).rejects.toThrow(/reaches some business units only/);
  const wrong = [
    { ...window, untilDay: "2026-11-03" },
    { ...window, fromDay: "2026-11-01" },
    { ...window, untilDay: "2027-03-01" },
    { ...window, environment: "dev" },
    { ...window, fromTime: "25:00" },
  ];
  for (const input of wrong) await expect(declareFreeze(chair, input)).rejects.toMatchObject({ code: "invalid" });
  const { ref } = await declareFreeze(t.security, window);
  const m = await t.model({ ownerId: chair.actor.id });
  const { ref: rel } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
  await expect(exemptRelease(chair, { ref, release: rel, reason: "It is mine after all." })).rejects.toThrow(
    /You have a part/,
  );
  await withdrawRelease(t.owner, { release: rel, reason: "Built from the wrong branch." });
  await expect(exemptRelease(t.security, { ref, release: rel, reason: "It is closed by now." })).rejects.toMatchObject({
    code: "conflict",
  });
  await liftFreeze(t.security, { ref, reason: "Only for this test." });
});

test("lists show a gate that a freeze closed and opened again, without anybody asking", async () => {
  at("2026-12-01T09:00:00Z");
  const { m } = await signed();
  const shown = async () => (await database.db.select().from(models).where(eq(models.id, m.id)))[0]?.gateDecision;
  const turn = () => gateJobs["gate.turn"]?.({ ...chair, actor: systemActor }, {});
  await declareFreeze(chair, { ...window, fromDay: "2026-12-07", untilDay: "2026-12-09" });
  await turn();
  expect(await shown()).toBe("allow");
  at("2026-12-07T18:04:00Z");
  await turn();
  expect(await shown()).toBe("deny");
  at("2026-12-09T08:03:00Z");
  await turn();
  await turn();
  expect(await shown()).toBe("allow");
  const said = await database.db.select().from(logEntries).where(eq(logEntries.modelId, m.id));
  const turned = said.filter((e) => e.name === "gate.turned").map((e): unknown => JSON.parse(String(e.body)));
  expect(turned).toHaveLength(2);
  expect(turned).toContainEqual({ from: "allow", to: "deny", codes: ["RELEASE_FROZEN"] });
  expect(turned).toContainEqual({ from: "deny", to: "allow", codes: [] });
  // So does a signature that ran out while the portal was down for days.
  at("2027-03-09T09:30:00Z");
  await database.db.execute(sql`
    insert into job (id, name, payload, state, run_at, created_at, finished_at)
    values (gen_random_uuid(), 'gate.turn', '{}', 'done', '2027-02-28', '2027-02-28', '2027-02-28')`);
  await turn();
  expect(await shown()).toBe("deny");
});
