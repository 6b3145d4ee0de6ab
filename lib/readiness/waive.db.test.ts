import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { controlReviews, waivers } from "@/db/schema/facts";
import { models } from "@/db/schema/models";
import { businessUnits } from "@/db/schema/org";
import { type Actor, systemActor } from "@/lib/core/actor";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import {
  days,
  ingrid,
  mara,
  marianne,
  outsider,
  person,
  type Readiness,
  rafael,
  service,
  slo,
  testReadiness,
  tomas,
} from "@/lib/testing/readiness";
import { modelReadiness } from "./queries";
import { decideWaiver, endWaiver, requestWaiver } from "./waive";
import { concludeReview, warnOfWaivers } from "./warn";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(async () => {
  await t.db.update(waivers).set({ endedAt: days(0) });
  await w.fresh();
});

const waiver = {
  item: "rel-2",
  reason: "The rollout controller arrives with the platform upgrade in January.",
  likelihood: "possible",
  impact: "moderate",
  affected: "Card holders whose payment is held for an hour.",
  compensation: "Shadow traffic for a week, and a person watches the first hour.",
  exitPlan: "The controller is rolled out with release 27.1 on 20 January.",
  expiresOn: "2027-01-31",
};
const ask = (over: object = {}, actor: Actor = mara, now?: Date) =>
  requestWaiver(w.as(actor, now), { name: w.model.name, ...waiver, ...over });
const accept = (ref: string, actor: Actor, now?: Date) =>
  decideWaiver(w.as(actor, now), { ref, outcome: "accepted", reason: "The compensation is real and short." });
const setTier = (tier: number) => t.db.update(models).set({ tier }).where(eq(models.id, w.model.id));

test("a waiver is accepted by whoever its risk is for, counts until it runs out, and then at once no more", async () => {
  const asked = await ask();
  expect(asked).toMatchObject({ level: "medium", renewal: 0, needs: [["unit_head"]] });
  expect(asked.ref).toMatch(/^WVR-\d{4}$/);
  expect(await w.item("rel-2")).toMatchObject({ state: "unknown" });
  await expect(accept(asked.ref, mara)).rejects.toMatchObject({ code: "forbidden" });
  await expect(accept(asked.ref, rafael)).rejects.toMatchObject({
    code: "forbidden",
    message: "This risk is for the head of technology (ARB chair) to accept. Ask one of them.",
  });
  await expect(accept(asked.ref, service)).rejects.toMatchObject({ code: "forbidden" });
  await expect(accept(asked.ref, outsider)).rejects.toMatchObject({ code: "not_found" });
  await accept(asked.ref, ingrid);
  expect(await w.item("rel-2")).toMatchObject({ state: "waived", source: asked.ref });
  expect(await w.item("rel-2", new Date("2027-01-31T23:59:58.999Z"))).toMatchObject({ state: "waived" });
  expect(await w.item("rel-2", new Date("2027-01-31T23:59:59Z"))).toMatchObject({ state: "unknown" });
  await expect(accept(asked.ref, ingrid)).rejects.toMatchObject({ code: "conflict" });
  expect(await w.logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});

test("in tier 1 a medium risk takes the unit's executive and model risk; a critical one nobody accepts", async () => {
  await setTier(1);
  await expect(ask({ likelihood: "likely", impact: "severe", expiresOn: "2027-01-20" })).rejects.toMatchObject({
    code: "forbidden",
    message: "A critical risk in tier 1 is not open to acceptance. Stop the model, or reduce the risk first.",
  });
  const { ref } = await ask({ expiresOn: "2027-01-20" });
  await expect(accept(ref, ingrid)).rejects.toMatchObject({ code: "forbidden" });
  expect(await accept(ref, rafael)).toMatchObject({ waitsFor: [["unit_executive"]] });
  expect(await w.item("rel-2")).toMatchObject({ state: "unknown" });
  await expect(accept(ref, rafael)).rejects.toMatchObject({
    message: "You have accepted your part; a second person gives the other.",
  });
  expect(await accept(ref, marianne)).toMatchObject({ waitsFor: [] });
  expect(await w.item("rel-2")).toMatchObject({
    state: "waived",
    why: expect.stringContaining("Marianne Voss accepted"),
  });
  const { waivers: shown } = await modelReadiness(w.as(mara), { name: w.model.name });
  expect(shown[0]?.acceptances.map((a) => a.authority).sort()).toEqual(["model_risk", "unit_executive"]);
});

test("who asked, owns or built the model cannot accept, even with the authority to", async () => {
  const chair = (who: Actor) => ({ ...person(who.name, ["contributor", "board_chair"]), id: who.id });
  const { ref } = await ask({}, chair(mara));
  await expect(accept(ref, chair(mara))).rejects.toMatchObject({ message: expect.stringContaining("You asked for") });
  await expect(accept(ref, chair(tomas))).rejects.toMatchObject({ message: expect.stringContaining("You own this") });
  await w.trainedBy(ingrid.name);
  await expect(accept(ref, ingrid)).rejects.toMatchObject({ message: expect.stringContaining("You built this model") });
});

test("the head of the unit accepts what a service owner may; a low risk in tier 3 is for the team lead", async () => {
  await t.db.update(businessUnits).set({ headId: outsider.id });
  await setTier(3);
  const low = await ask({ impact: "minor" });
  expect(low.needs).toEqual([["team_lead"]]);
  const head = { ...person(outsider.name, ["viewer"]), id: outsider.id };
  expect(await accept(low.ref, head)).toMatchObject({ outcome: "accepted", waitsFor: [] });
  await t.db.update(businessUnits).set({ headId: null });
});

test("the second renewal within a year goes one level up", async () => {
  const take = async (at: number, who: Actor, until: string) => {
    const { ref, renewal, needs } = await ask({ expiresOn: until }, mara, days(at));
    await accept(ref, who, days(at));
    await endWaiver(w.as(mara, days(at + 1)), { ref, reason: "Rolled out for a while after all." });
    return { renewal, needs };
  };
  expect(await take(0, ingrid, "2027-01-31")).toEqual({ renewal: 0, needs: [["unit_head"]] });
  expect(await take(10, ingrid, "2027-01-31")).toEqual({ renewal: 1, needs: [["unit_head"]] });
  await expect(take(20, ingrid, "2027-01-31")).rejects.toMatchObject({
    message: expect.stringContaining("the unit's executive"),
  });
  const { items } = { items: await myQueue(w.as(marianne, days(21)), {}) };
  expect(items.find((i) => i.model === w.model.name)).toMatchObject({ lane: "Waiver", action: "Rule" });
  expect((await myQueue(w.as(ingrid, days(21)), {})).filter((i) => i.model === w.model.name)).toEqual([]);
});

test("days are bounded by tier, some items are never waived, one request at a time, and all is said", async () => {
  await expect(ask({ expiresOn: "2027-06-01" })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("at most 120 days: until 2027-03-16"),
  });
  await expect(ask({ item: "rel-5" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(ask({ affected: "" })).rejects.toMatchObject({ code: "invalid" });
  await expect(ask({ exitPlan: "soon" })).rejects.toMatchObject({ code: "invalid" });
  await expect(ask({ compensationChecks: ["slo.reporting", "slo.count"] })).rejects.toMatchObject({
    code: "invalid",
    faults: [
      {
        field: "compensationChecks.1",
        message: "Line 1, column 1: A check answers yes or no; this comes to a number.",
      },
    ],
  });
  await ask();
  await expect(ask({}, tomas)).rejects.toMatchObject({ code: "conflict" });
});

test("while what is done instead is seen to fail, the waiver does not count", async () => {
  const { ref } = await ask({ compensationChecks: ["slo.reporting"] });
  await accept(ref, ingrid);
  expect(await w.item("rel-2")).toMatchObject({ state: "waived" });
  await w.observe({ ...slo, "slo.reporting": false });
  expect(await w.item("rel-2")).toMatchObject({
    state: "unknown",
    why: expect.stringContaining(`${ref} does not count: what is done instead fails.`),
  });
});

test("a waiver is given back by its owner, not by a stranger", async () => {
  const { ref } = await ask();
  await accept(ref, ingrid);
  const end = (actor: Actor) => endWaiver(w.as(actor), { ref, reason: "The controller came early." });
  await expect(end({ ...person("Someone", ["contributor"]) })).rejects.toMatchObject({ code: "forbidden" });
  await end(mara);
  expect(await w.item("rel-2")).toMatchObject({ state: "unknown" });
  await expect(end(mara)).rejects.toMatchObject({ code: "conflict" });
});

test("a request that its owner takes back makes way for another", async () => {
  const first = await ask();
  await expect(ask()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(first.ref) });
  await endWaiver(w.as(mara), { ref: first.ref, reason: "The date was wrong in it." });
  await expect(accept(first.ref, ingrid)).rejects.toMatchObject({ code: "conflict" });
  const second = await ask();
  expect(await accept(second.ref, ingrid)).toMatchObject({ outcome: "accepted" });
});

test("of two who decide a waiver at once exactly one wins, and the log holds one decision", async () => {
  const asked = await ask();
  const decide = (actor: Actor, outcome: string) =>
    decideWaiver(w.as(actor), { ref: asked.ref, outcome, reason: "Decided at the same moment." });
  const results = await Promise.allSettled([decide(ingrid, "accepted"), decide(marianne, "refused")]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((r) => r.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  expect(await w.logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});

test("a waiver is warned of 30, 14 and 3 days before its end, once each, and stands in its owner's queue", async () => {
  const { ref } = await ask();
  await accept(ref, ingrid);
  const end = Date.parse("2027-01-31T23:59:59Z");
  const warn = (daysBefore: number) =>
    warnOfWaivers(w.as(systemActor, new Date(end - daysBefore * 86_400_000)), {}).then((r) => r.warned);
  const steps = [31, 30, 29, 14, 13, 3, 2.5, -1];
  const warned: number[] = [];
  for (const step of steps) warned.push(await warn(step));
  expect(warned).toEqual([0, 1, 0, 1, 0, 1, 0, 0]);
  expect((await w.logged()).filter((name) => name === "readiness.waivers.watched")).toHaveLength(3);
  const queue = await myQueue(w.as(mara, new Date(end - 20 * 86_400_000)), {});
  expect(queue.find((i) => i.ref === ref)).toMatchObject({ due: "2027-01-31", promise: "runs out" });
  await expect(warnOfWaivers(w.as(ingrid), {})).rejects.toMatchObject({ code: "forbidden" });
});

test("an item that many waive is put under review once, and a person concludes it", async () => {
  for (let i = 0; i < 6; i++) {
    await w.fresh();
    const { ref } = await ask({ item: "onc-1" });
    await accept(ref, ingrid);
  }
  const open = () => t.db.select().from(controlReviews).where(eq(controlReviews.itemId, "onc-1"));
  expect((await warnOfWaivers(w.as(systemActor), {})).reviews).toBe(1);
  expect((await warnOfWaivers(w.as(systemActor), {})).reviews).toBe(0);
  expect(await open()).toMatchObject([{ waivers: 6, concludedAt: null }]);
  const conclude = { item: "onc-1", conclusion: "changed", reason: "Shared rotas count from version 2 on." };
  await expect(concludeReview(w.as(mara), conclude)).rejects.toMatchObject({ code: "forbidden" });
  await concludeReview(w.as(ingrid), conclude);
  await expect(concludeReview(w.as(ingrid), conclude)).rejects.toMatchObject({ code: "conflict" });
  expect((await warnOfWaivers(w.as(systemActor), {})).reviews).toBe(0);
  expect(await open()).toMatchObject([{ conclusion: "changed" }]);
});
