import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { roleGrants } from "@/db/schema/org";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { integrate } from "@/lib/log/store";
import { fanOut } from "@/lib/notifications/fan-out";
import { setPreferences } from "@/lib/notifications/preferences";
import { notificationList } from "@/lib/notifications/queries";
import { myQueue } from "@/lib/queue/queries";
import { checkGate } from "@/lib/releases/check-gate";
import { explainGate } from "@/lib/releases/queries";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { confirmGlass, prepareConfirmation } from "./confirm";
import { endGlass } from "./end";
import { countGlass, findGlass, getGlass } from "./queries";
import { requestGlass } from "./request";
import { glassJobs, reviewGlass } from "./review";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
let chair: Ctx;
let risk: Ctx;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
  chair = await t.person("Ingrid Solberg", "board_chair");
  risk = await t.person("Amara Okafor", "model_risk");
  for (const { actor } of [chair, risk])
    for (const { role } of actor.grants)
      await database.db
        .insert(roleGrants)
        .values({ personId: actor.id, role, businessUnitId: null, grantedBy: "test", grantedAt: t.now.at });
});
afterAll(() => database.drop());
// A Monday morning.
beforeEach(() => at("2026-11-02T09:00:00Z"));

const at = (instant: string) => {
  t.now.at = new Date(instant);
};
const justification = "The live version rejects every payment from one bank; customers cannot pay.";
type Model = Awaited<ReturnType<typeof t.model>>;
const release = async (m: Model, ctx: Ctx = t.owner) =>
  (await requestRelease(ctx, { model: m.name, version: m.version, environment: "prod" })).ref;
const ask = (m: Model, more: Record<string, unknown> = {}) =>
  checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod", ...more });
const asked = async (ref: string, hours = 2) =>
  (await requestGlass(t.owner, { release: ref, justification, hours })).ref;
async function confirm(ref: string, ctx: Ctx = t.security) {
  const key = await t.keyOf(ctx);
  const prepared = await prepareConfirmation(ctx, { ref });
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  return confirmGlass(ctx, { token: prepared.token, assertion });
}
async function broken(hours = 2) {
  const m = await t.model();
  const rel = await release(m);
  const ref = await asked(rel, hours);
  return { m, rel, ref, confirmed: await confirm(ref) };
}
const review = (ctx: Ctx, ref: string, more: Record<string, unknown> = {}) =>
  reviewGlass(ctx, {
    ref,
    verdict: "avoidable",
    findings: "The fix was right; the second signer was not on the rota, which is mended.",
    ...more,
  });

test("two people open the gate for one artefact, visibly, until the instant that was signed; then it is closed again", async () => {
  const m = await t.model();
  const rel = await release(m);
  expect((await ask(m)).reasons.map((r) => r.code)).toEqual(["APPROVAL_MISSING"]);
  const ref = await asked(rel);
  expect((await ask(m)).decision).toBe("deny");
  expect(await confirm(ref)).toEqual({
    ref,
    state: "open",
    until: "2026-11-02T11:00:00.000Z",
    reviewDueOn: "2026-11-04",
  });

  at("2026-11-02T10:50:00Z");
  const answer = await ask(m);
  expect(answer).toMatchObject({
    decision: "allow",
    reasons: [],
    warnings: expect.arrayContaining([
      expect.objectContaining({
        code: "BREAK_GLASS",
        text: expect.stringContaining(`${ref} passes one reason until 2 Nov 2026 11:00 UTC`),
      }),
    ]),
    breakGlass: { ref, passed: [{ code: "APPROVAL_MISSING" }] },
    // Not the usual quarter of an hour: the answer ends with the box.
    expiresAt: "2026-11-02T11:00:00.000Z",
  });
  const statement = JSON.parse(Buffer.from(answer.dsse.payload, "base64").toString());
  expect(statement.predicate).toMatchObject({
    verifiedLevels: ["PORTAL_RELEASE_BREAK_GLASS_PROD"],
    inputAttestations: [
      { uri: expect.stringContaining(rel) },
      { uri: `https://localhost/releases/break-glass/${ref}` },
      { uri: `https://localhost/releases/break-glass/${ref}` },
    ],
    "https://localhost/predicate/release-decision/v1": {
      breakGlass: { uri: `https://localhost/releases/break-glass/${ref}`, until: "2026-11-02T11:00:00.000Z" },
    },
  });
  expect((await getGlass(t.owner, { ref })).gate).toHaveLength(1);

  at("2026-11-02T11:00:00Z");
  const after = await ask(m);
  expect(after.decision).toBe("deny");
  expect(after.reasons[0]).toMatchObject({ code: "BREAK_GLASS_OVER", text: expect.stringContaining("its time ended") });
});

test("another artefact, another environment and another version stay closed", async () => {
  const { m } = await broken();
  expect((await ask(m, { digest: "0".repeat(64) })).reasons.map((r) => r.code)).toContain("DIGEST_MISMATCH");
  const staging = await ask(m, { environment: "staging" });
  expect([staging.decision, staging.reasons.map((r) => r.code)]).toEqual(["deny", ["NO_REQUEST"]]);
  const other = await t.model();
  await release(other);
  expect((await ask(other)).decision).toBe("deny");
});

test("nobody confirms alone, or with a part in the release; no administrator, service or agent has a say", async () => {
  const m = await t.model({ ownerId: chair.actor.id }, { trainedBy: "Amara Okafor" });
  const both: Ctx = {
    ...t.security,
    actor: { ...t.security.actor, grants: [...t.security.actor.grants, { role: "contributor", units: null }] },
  };
  const rel = await release(m);
  const { ref } = await requestGlass(both, { release: rel, justification, hours: 1 });
  const refused: [Ctx, RegExp][] = [
    [both, /second person/],
    [t.owner, /ARB chair, security or model risk/],
    [chair, /You own this model/],
    [risk, /You trained this version/],
    [await t.person("Elin Brandt", "admin"), /administrator/],
    [t.service("ci"), /Only a person/],
  ];
  for (const [ctx, words] of refused)
    await expect(prepareConfirmation(ctx, { ref }), String(words)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(words),
    });
  const asking: [Ctx, RegExp][] = [
    [t.architect, /Only a model owner/],
    [t.service("ci"), /Only a person/],
    [
      { ...both, actor: { ...both.actor, grants: [...both.actor.grants, { role: "admin", units: null }] } },
      /administrator/,
    ],
  ];
  await endGlass(both, { ref, reason: "Asked for the wrong release." });
  for (const [ctx, words] of asking)
    await expect(requestGlass(ctx, { release: rel, justification, hours: 1 }), String(words)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(words),
    });
});

test("whoever asked for the release cannot confirm, and a link is its person's", async () => {
  const m = await t.model();
  const security: Ctx = {
    ...t.security,
    actor: { ...t.security.actor, grants: [...t.security.actor.grants, { role: "contributor", units: null }] },
  };
  const ref = await asked(await release(m, security));
  await expect(prepareConfirmation(security, { ref })).rejects.toThrow(/You asked for the release/);
  const key = await t.keyOf(chair);
  const prepared = await prepareConfirmation(chair, { ref });
  const assertion = key.sign(Buffer.from(prepared.statement, "base64"));
  await expect(confirmGlass(risk, { token: prepared.token, assertion })).rejects.toThrow(/another person's/);
  await confirmGlass(chair, { token: prepared.token, assertion });
  await expect(confirmGlass(chair, { token: prepared.token, assertion })).rejects.toMatchObject({ code: "gone" });
});

test("a request lapses after an hour, one is under way at a time, and the policy's hours bind", async () => {
  const m = await t.model();
  const rel = await release(m);
  await expect(requestGlass(t.owner, { release: rel, justification, hours: 5 })).rejects.toThrow(/at most 4/);
  await expect(requestGlass(t.owner, { release: rel, justification: "Urgent.", hours: 1 })).rejects.toMatchObject({
    code: "invalid",
  });
  const ref = await asked(rel);
  await expect(asked(rel)).rejects.toThrow(new RegExp(`${ref} is under way`));
  at("2026-11-02T10:00:00Z");
  await expect(prepareConfirmation(t.security, { ref })).rejects.toThrow(/lapsed/);
  await expect(asked(rel)).resolves.toMatch(/^BRK-/);
});

test("what no emergency passes is refused when it is asked for", async () => {
  const m = await t.model();
  const rel = await release(m);
  await database.db.execute(sql`update model set legal_class = 'prohibited' where id = ${m.id}::uuid`);
  await expect(asked(rel)).rejects.toThrow(/No emergency passes PROHIBITED/);
  const allowed = await t.model();
  const open = await release(allowed);
  await t.sign(t.architect, open);
  await expect(asked(open)).rejects.toThrow(/nothing to break/);
});

test("an artefact that changed after it was asked for is not confirmed, and after it was confirmed not let through", async () => {
  const m = await t.model();
  const ref = await asked(await release(m));
  await database.db.execute(sql`update model_version set digest = ${"1".repeat(64)} where id = ${m.versionId}::uuid`);
  await expect(confirm(ref)).rejects.toThrow(/artefact changed/);
  const after = await broken();
  await database.db.execute(
    sql`update model_version set digest = ${"2".repeat(64)} where id = ${after.m.versionId}::uuid`,
  );
  expect((await ask({ ...after.m, digest: "2".repeat(64) })).decision).toBe("deny");
});

test("either of the two ends it early, and the gate is closed at once", async () => {
  const { m, ref } = await broken();
  expect((await ask(m)).decision).toBe("allow");
  await expect(endGlass(t.architect, { ref, reason: "Not needed any more." })).rejects.toMatchObject({
    code: "forbidden",
  });
  await endGlass(t.owner, { ref, reason: "The old version is back; not needed." });
  at("2026-11-02T09:00:01Z");
  const answer = await explainGate(t.owner, { model: m.name, version: m.version });
  expect([answer.decision, answer.reasons[0]?.text]).toEqual(["deny", expect.stringContaining("ended early")]);
  await expect(endGlass(t.owner, { ref, reason: "Once more, to be sure." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a third person looks at it by the second business day; it waits in their queue, and climbs when nobody does", async () => {
  at("2026-11-06T15:00:00Z"); // a Friday
  const { ref, confirmed } = await broken(1);
  expect(confirmed.reviewDueOn).toBe("2026-11-10");
  await expect(review(chair, ref)).rejects.toThrow(/is open until/);
  at("2026-11-06T16:30:00Z");
  const waits = async (ctx: Ctx) => (await myQueue(ctx, {})).filter((i) => i.ref === ref).map((i) => [i.action, i.due]);
  expect(await waits(chair)).toEqual([["Look at it", "2026-11-10"]]);
  expect(await waits(t.security)).toEqual([]);
  for (const ctx of [t.owner, t.security]) await expect(review(ctx, ref)).rejects.toMatchObject({ code: "forbidden" });
  const watch = () => glassJobs["break_glass.watch"]?.({ ...chair, actor: systemActor }, {});
  const said = async () =>
    (await getGlass(chair, { ref })).history.map((e) => e.name).filter((n) => /ran_out|escalated/.test(n));
  await watch();
  await watch();
  expect(await said()).toEqual(["break_glass.ran_out"]);
  at("2026-11-11T08:00:00Z");
  await watch();
  await watch();
  expect((await said()).toSorted()).toEqual(["break_glass.ran_out", "break_glass.review.escalated"]);
  expect((await findGlass(chair, { state: "to_review", limit: 200 })).items.find((g) => g.ref === ref)?.overdue).toBe(
    true,
  );
  await expect(review(chair, ref, { incident: "INC-9999" })).rejects.toThrow(/no incident INC-9999/);
  await review(chair, ref, { followUp: "A second signer is on the rota at night." });
  expect(await getGlass(t.owner, { ref })).toMatchObject({
    state: "reviewed",
    verdict: "avoidable",
    reviewedBy: "Ingrid Solberg",
  });
  await expect(review(risk, ref)).rejects.toThrow(/already/);
  expect(await waits(risk)).toEqual([]);
  const counted = (await countGlass(chair, {})).items.find((c) => c.quarter === "2026-Q4");
  expect(counted?.late).toBe(1);
  expect(counted?.opened).toBeGreaterThan(1);
});

test("it is told loudly: the second line, the owner and the unit hear of it, and nobody can turn that off", async () => {
  const told = async (ctx: Ctx, ref: string) =>
    (await notificationList(ctx, { limit: 200 })).items.filter((n) => n.thing.includes(ref)).map((n) => n.kind);
  await expect(
    setPreferences(chair, { mail: { emergency: "portal" }, timeZone: "UTC", digestHour: 8 }),
  ).rejects.toThrow(/nobody can turn them off/);
  const tell = async () => {
    for (;;) if ((await database.db.transaction((tx) => integrate(tx, null))).taken === 0) break;
    for (;;) {
      const { to, size } = await fanOut({ ...chair, actor: systemActor }, { limit: 1000, mail: true });
      if (to >= size) return;
    }
  };
  const m = await t.model();
  const ref = await asked(await release(m));
  await tell();
  for (const ctx of [chair, risk, t.security]) expect(await told(ctx, ref)).toEqual(["confirm"]);
  // Nobody hears of their own deed.
  expect(await told(t.owner, ref)).toEqual([]);
  await confirm(ref);
  await tell();
  expect(await told(t.owner, ref)).toEqual(["emergency"]);
  expect((await told(chair, ref)).toSorted()).toEqual(["confirm", "emergency"]);
  expect(await told(t.security, ref)).toEqual(["confirm"]);
  const { rows } = await database.db.execute<{ mail: string }>(
    sql`select distinct mail from notification where kind in ('confirm', 'emergency')`,
  );
  expect(rows).toEqual([{ mail: "immediate" }]);
});
