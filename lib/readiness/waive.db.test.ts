import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "@/lib/core/actor";
import { testDatabase } from "@/lib/testing/database";
import { ingrid, mara, person, type Readiness, rafael, testReadiness, tomas } from "@/lib/testing/readiness";
import { decideWaiver, requestWaiver } from "./waive";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

const waiver = {
  item: "rel-2",
  reason: "The rollout controller arrives with the platform upgrade in January.",
  compensation: "Shadow traffic for a week, and a person watches the first hour.",
};

test("a waiver is accepted by someone else, counts until it runs out, and then at once no more", async () => {
  const asked = await requestWaiver(w.as(mara), { name: w.model.name, ...waiver, expiresOn: "2027-01-31" });
  expect(asked.ref).toMatch(/^WVR-\d{4}$/);
  expect(await w.item("rel-2")).toMatchObject({ state: "unknown" });
  const accept = { ref: asked.ref, outcome: "accepted", reason: "The compensation is real and short." };
  await expect(decideWaiver(w.as(mara), accept)).rejects.toMatchObject({ code: "forbidden" });
  await decideWaiver(w.as(rafael), accept);
  expect(await w.item("rel-2")).toMatchObject({ state: "waived", source: asked.ref });
  expect(await w.item("rel-2", new Date("2027-02-01T00:00:00Z"))).toMatchObject({ state: "unknown" });
  await expect(decideWaiver(w.as(ingrid), { ...accept, outcome: "refused" })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await w.logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});

test("who asked cannot accept, even with the right to; nor can the owner", async () => {
  const both = person("Mara Lindqvist", ["contributor", "model_risk"]);
  const owner = { ...both, id: mara.id };
  const tomasToo = { ...person("Tomas Havel", ["contributor", "board_chair"]), id: tomas.id };
  const asked = await requestWaiver(w.as(owner), { name: w.model.name, ...waiver, expiresOn: "2027-01-31" });
  const accept = { ref: asked.ref, outcome: "accepted", reason: "It seems fine to me." };
  await expect(decideWaiver(w.as(owner), accept)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("You asked for this waiver"),
  });
  await expect(decideWaiver(w.as(tomasToo), accept)).rejects.toMatchObject({ code: "forbidden" });
});

test("the number of days is bounded by tier, some items are never waived, one request at a time", async () => {
  await expect(
    requestWaiver(w.as(mara), { name: w.model.name, ...waiver, expiresOn: "2027-06-01" }),
  ).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("at most 120 days: until 2027-03-16"),
  });
  await expect(
    requestWaiver(w.as(mara), { name: w.model.name, ...waiver, item: "rel-5", expiresOn: "2027-01-31" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await requestWaiver(w.as(mara), { name: w.model.name, ...waiver, expiresOn: "2027-01-31" });
  await expect(
    requestWaiver(w.as(tomas), { name: w.model.name, ...waiver, expiresOn: "2027-01-31" }),
  ).rejects.toMatchObject({
    code: "conflict",
  });
});

test("of two who decide a waiver at once exactly one wins, and the log holds one decision", async () => {
  const asked = await requestWaiver(w.as(mara), { name: w.model.name, ...waiver, expiresOn: "2027-01-31" });
  const decide = (actor: Actor, outcome: string) =>
    decideWaiver(w.as(actor), { ref: asked.ref, outcome, reason: "Decided at the same moment." });
  const results = await Promise.allSettled([decide(ingrid, "accepted"), decide(rafael, "refused")]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((r) => r.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  expect(await w.logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});
