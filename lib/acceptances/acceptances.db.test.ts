import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { people, roleGrants } from "@/db/schema/org";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { myQueue } from "@/lib/queue/queries";
import { warnOfWaivers } from "@/lib/readiness/warn";
import { countRegisters, findRegister } from "@/lib/registers/queries";
import { recordDecision } from "@/lib/reviews/decide";
import { escalationJobs } from "@/lib/reviews/escalate";
import { getReview } from "@/lib/reviews/queries";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { askAcceptance, decideAcceptance, endAcceptance } from "./accept";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
/** Leadership everywhere: has no part in any review. */
let leader: Ctx;
const start = new Date("2026-03-02T09:00:00Z");
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  const id = newId();
  await t.db.insert(people).values({ id, name: "Lena Leader", email: "lena@halden.example", createdAt: start });
  await t.db
    .insert(roleGrants)
    .values({ personId: id, role: "executive", businessUnitId: null, grantedBy: "system", grantedAt: start });
  const actor = {
    kind: "person" as const,
    id,
    name: "Lena Leader",
    grants: [{ role: "executive" as const, units: null }],
    scopes: null,
  };
  leader = { ...b.as("owner"), actor };
  Object.defineProperty(leader, "now", { value: () => b.clock.at });
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = start;
});

const risk = "A rival floods the queue with false appeals.";
const given = {
  risk,
  reason: "Rate limits come with the gateway's next release in May.",
  likelihood: "possible",
  impact: "moderate",
  affected: "Card holders whose appeal waits for a day.",
  expiresOn: "2026-05-20",
};
const reviewed = (tier: number) =>
  b.submitted({ tier, submission: { riskList: [{ risk, owner: "Head of Cards", treatment: "Borne until May." }] } });
const yes = { outcome: "accepted", reason: "Small, and over by May." };

test("a medium risk in tier 1 takes the executive and model risk, who has not reviewed it; both stay on record with their authority", async () => {
  const { ref } = await reviewed(1);
  const asked = await askAcceptance(b.as("owner"), { ref, ...given });
  expect(asked).toMatchObject({ level: "medium", renewal: 0, needs: [["unit_executive"], ["model_risk"]] });
  const waits = async (who: Ctx) => (await myQueue(who, {})).filter((q) => q.ref === asked.ref);
  expect(await waits(leader)).toMatchObject([{ ask: "decide", href: `/reviews/${ref}#${asked.ref}` }]);
  expect(await waits(b.as("viewer"))).toEqual([]);
  expect(await decideAcceptance(b.as("risk"), { ref: asked.ref, ...yes })).toMatchObject({
    waitsFor: [["unit_executive"]],
  });
  await expect(decideAcceptance(b.as("risk"), { ref: asked.ref, ...yes })).rejects.toMatchObject({
    message: "You have accepted your part; a second person gives the other.",
  });
  expect(await decideAcceptance(leader, { ref: asked.ref, ...yes })).toMatchObject({ waitsFor: [] });
  const { acceptances } = await getReview(b.as("viewer"), { ref });
  expect(acceptances).toMatchObject([{ ref: asked.ref, state: "accepted", over: false }]);
  expect(acceptances[0]?.given.map((g) => [g.name, g.authority])).toEqual([
    ["risk", "model_risk"],
    ["Lena Leader", "unit_executive"],
  ]);
  await expect(decideAcceptance(leader, { ref: asked.ref, ...yes })).rejects.toMatchObject({ code: "conflict" });
});

test("neither who asked, nor an owner, nor a reviewer accepts; critical in tier 1 nobody does", async () => {
  const { ref } = await reviewed(2);
  await expect(
    askAcceptance(b.as("owner"), { ref: (await reviewed(1)).ref, ...given, likelihood: "likely", impact: "severe" }),
  ).rejects.toMatchObject({
    code: "forbidden",
    message: "A critical risk in tier 1 is not open to acceptance. Stop the model, or reduce the risk first.",
  });
  const asked = await askAcceptance(b.as("deputy"), { ref, ...given });
  expect(asked.needs).toEqual([["unit_head"]]);
  const refused = (who: Ctx) => decideAcceptance(who, { ref: asked.ref, ...yes });
  await expect(refused(b.as("deputy"))).rejects.toMatchObject({ message: expect.stringContaining("You asked for") });
  await expect(refused(b.as("owner"))).rejects.toMatchObject({ message: expect.stringContaining("You have a stake") });
  await b.voted(ref);
  await expect(refused(b.as("chair"))).rejects.toMatchObject({ message: expect.stringContaining("You review this") });
  await expect(refused(b.as("viewer"))).rejects.toMatchObject({
    message: "This risk is for the head of technology (ARB chair) to accept. Ask one of them.",
  });
  // Who stands higher on the ladder stands in.
  expect(await refused(leader)).toMatchObject({ waitsFor: [] });
});

test.each<[string, object, string]>([
  ["a risk that the submission does not name", { risk: "Something else" }, "risk"],
  ["a day that is past", { expiresOn: "2026-03-02" }, "expiresOn"],
  ["longer than the tier allows", { expiresOn: "2026-09-30" }, "expiresOn"],
])("asked for %s: refused beside the field", async (_what, over, field) => {
  const { ref } = await reviewed(2);
  await expect(askAcceptance(b.as("owner"), { ref, ...given, ...over })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field }],
  });
});

test("of two who rule at once one is told; the same risk is not asked twice; a draft has no final risks", async () => {
  const { ref } = await reviewed(3);
  const asked = await askAcceptance(b.as("owner"), { ref, ...given });
  await expect(askAcceptance(b.as("owner"), { ref, ...given })).rejects.toMatchObject({ code: "conflict" });
  const both = await Promise.allSettled([
    decideAcceptance(leader, { ref: asked.ref, ...yes }),
    decideAcceptance(b.as("deputy"), { ref: asked.ref, outcome: "refused", reason: "Not small at all." }),
  ]);
  expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("what runs out is warned of, lies in the owner's queue, and is overdue in the register until it is ended", async () => {
  const { ref, model } = await reviewed(2);
  const asked = await askAcceptance(b.as("owner"), { ref, ...given });
  await decideAcceptance(leader, { ref: asked.ref, ...yes });
  const here = async (more: object = {}) =>
    (await findRegister(b.as("chair"), { register: "risks", model: model.name, ...more })).items;
  expect(await here()).toMatchObject([
    { ref: asked.ref, state: "accepted", overdue: false, level: "medium", step: null, age: 0, review: ref },
  ]);
  b.clock.at = new Date("2026-05-10T09:00:00Z");
  await warnOfWaivers({ ...b.as("chair"), actor: systemActor }, {});
  expect(await here({ due: "soon" })).toMatchObject([{ step: "warned_14", left: 10, age: 69 }]);
  b.clock.at = new Date("2026-05-25T09:00:00Z");
  expect(await here({ due: "overdue", band: "month" })).toMatchObject([{ state: "lapsed", overdue: true, left: -5 }]);
  expect((await myQueue(b.as("owner"), {})).find((q) => q.ref === asked.ref)?.title).toContain("ran out");
  await endAcceptance(b.as("owner"), { ref: asked.ref, reason: "The limits are live since yesterday." });
  expect(await here()).toEqual([]);
  expect(await here({ state: "any" })).toMatchObject([{ state: "ended", overdue: false }]);
  // Within a year the same risk counts as renewed.
  const again = await askAcceptance(b.as("owner"), { ref, ...given, expiresOn: "2026-07-01" });
  expect(again.renewal).toBe(1);
});

test("the register of conditions says how old they are, the step that was reached, and pages by due day", async () => {
  const { ref, model } = await reviewed(2);
  await b.voted(ref, "approve_with_conditions");
  await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition(), { ...b.condition(), dueOn: "2026-06-01", text: "Report the drift monthly." }],
  });
  b.clock.at = new Date("2026-04-20T09:00:00Z");
  await escalationJobs["reviews.escalate"]?.({ ...b.as("chair"), actor: systemActor }, {});
  const find = (more: object = {}) =>
    findRegister(b.as("viewer"), { register: "conditions", model: model.name, ...more });
  const all = await find();
  expect(all.items).toMatchObject([
    { dueOn: "2026-04-01", left: -19, overdue: true, step: "overdue_15", age: 49, owner: "owner" },
    { dueOn: "2026-06-01", left: 42, overdue: false, step: null },
  ]);
  expect(all.bands.map((x) => [x.band, x.n, x.overdue])).toEqual([
    ["fresh", 0, 0],
    ["month", 2, 1],
    ["quarter", 0, 0],
    ["half_year", 0, 0],
  ]);
  const first = await find({ limit: 1 });
  expect((await find({ limit: 1, after: first.next })).items).toMatchObject([{ dueOn: "2026-06-01" }]);
  expect((await find({ owner: "none" })).items).toEqual([]);
  await expect(find({ after: "x_y" })).rejects.toMatchObject({ code: "invalid" });
  const counts = await countRegisters(b.as("viewer"), {});
  expect(counts.conditions).toBe(2);
});
