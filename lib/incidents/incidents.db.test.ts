import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { incidents, models } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { reportIncident } from "./report";
import { resolveIncident } from "./resolve";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let outsider: Ctx;
let viewer: Ctx;
const model = newId();
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  outsider = await org.person("Clara Claims", "contributor", [org.units.claims]);
  viewer = await org.person("Vera Viewer", "viewer");
  await t.db.insert(models).values({
    id: model,
    name: "card-fraud",
    platform: "mlflow",
    stage: "live",
    businessUnitId: org.units.retail,
    createdAt: org.now.at,
    updatedAt: org.now.at,
  });
});
afterAll(() => t.drop());

const outage = { model: "card-fraud", title: "Scores stuck at zero", severity: 2, startedAt: "2026-11-01T08:00:00Z" };
const rows = () => t.db.select().from(incidents);

test("an incident is reported, resolved once, and both are in the model's history", async () => {
  const { ref } = await reportIncident(owner, outage);
  const done = { ref, resolvedAt: "2026-11-01T09:30:00Z", intervention: "rollback" };
  expect(await resolveIncident(owner, done)).toMatchObject({ minutes: 90 });
  await expect(resolveIncident(owner, done)).rejects.toMatchObject({ code: "conflict" });
  const entries = await t.db.select().from(logEntries).where(eq(logEntries.modelId, model)).orderBy(logEntries.id);
  expect(entries.map((e) => e.name)).toEqual(["incident.reported", "incident.resolved"]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["reported by a viewer", () => reportIncident(viewer, outage), "forbidden"],
  ["reported from another unit", () => reportIncident(outsider, outage), "not_found"],
  ["in the future", () => reportIncident(owner, { ...outage, startedAt: "2026-12-01T08:00:00Z" }), "invalid"],
  ["over before it began", () => reportIncident(owner, { ...outage, resolvedAt: "2026-11-01T07:00:00Z" }), "invalid"],
  ["severity 5", () => reportIncident(owner, { ...outage, severity: 5 }), "invalid"],
  ["a deployment of no model", () => reportIncident(owner, { ...outage, deployment: newId() }), "invalid"],
  [
    "resolving what is not there",
    () => resolveIncident(owner, { ref: "INC-9999", resolvedAt: outage.startedAt }),
    "not_found",
  ],
])("%s: refused, and nothing is written", async (_what, call, code) => {
  const before = await rows();
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
  expect(await rows()).toEqual(before);
});
