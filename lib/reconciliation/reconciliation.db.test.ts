import { and, eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries, logEntryModels } from "@/db/schema/log";
import { connections, models, modelVersions, ownerRequests } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { reconciliationItems } from "@/db/schema/reconciliation";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { entriesFor } from "@/lib/log/queries";
import { registerModel } from "@/lib/models/register";
import { deactivate } from "@/lib/people/deactivate";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { assignModels } from "./assign";
import { joinModels } from "./join";
import { modelRecords, reconciliationActionList, reconciliationCounts, reconciliationList } from "./queries";
import { ignoreItems, keepApart, retireModels } from "./settle";
import { reportSighting } from "./sight";
import { sweep } from "./sweep";
import { undoAction } from "./undo";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let architect: Ctx;
let owner: Ctx;
let viewer: Ctx;
const registries: string[] = [];
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  architect = await org.person("Ingrid Solberg", "architect");
  owner = await org.person("Priya Raman", "contributor", [org.units.retail]);
  viewer = await org.person("Vera Look", "viewer");
  for (const name of ["MLflow EU", "Unity"]) {
    const id = newId();
    registries.push(id);
    await t.db.insert(connections).values({
      id,
      name,
      system: "mlflow",
      baseUrl: `https://${id}.example`,
      auth: "none",
      createdAt: org.now.at,
      createdBy: "test",
    });
  }
});
afterAll(() => t.drop());
beforeEach(async () => {
  await t.db.execute(sql`update model set stage = 'retired'`);
  await sweep(architect, {});
});

let n = 0;
/** A model in a registry; nobody's unless said otherwise. */
async function seen(set: Partial<typeof models.$inferInsert> = {}) {
  n += 1;
  const id = newId();
  const name = set.name ?? `seen-${n}`;
  await t.db.insert(models).values({
    id,
    name,
    platform: "mlflow",
    stage: set.ownerId ? "live" : "unclaimed",
    connectionId: registries[0],
    externalId: name,
    externalName: name,
    createdAt: new Date(org.now.at.getTime() + n),
    updatedAt: org.now.at,
    ...set,
  });
  return { id, name };
}
const version = async (modelId: string, number: string, digest: string | null, runId: string | null = null) => {
  const id = newId();
  await t.db.insert(modelVersions).values({ id, modelId, version: number, digest, runId, registeredAt: org.now.at });
  return id;
};
const open = async (kind: string) => (await reconciliationList(architect, { kind })).items;
const row = async (id: string) => (await t.db.select().from(models).where(eq(models.id, id)))[0];

test("200 shadow models get an owner in one action: one entry with a diff, in each model's history, no task for anyone, in less than two seconds", async () => {
  const made = [];
  for (let i = 0; i < 200; i++) made.push(await seen({ name: `shadow-${String(i).padStart(3, "0")}-x` }));
  await sweep(architect, {});
  expect((await reconciliationCounts(architect, {})).unclaimed).toBe(200);
  const started = performance.now();
  const done = await assignModels(architect, {
    select: { filter: { kind: ["unclaimed"], q: "shadow-" } },
    businessUnit: "retail",
    owner: owner.actor.id,
  });
  expect(performance.now() - started).toBeLessThan(2000);
  expect(done).toMatchObject({ assigned: 200, owner: "Priya Raman" });
  const [entry, ...more] = await t.db.select().from(logEntries).where(eq(logEntries.subjectId, done.action));
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    name: "reconciliation.assigned",
    summary: "made Priya Raman the owner of 200 models for Retail credit",
  });
  expect(JSON.parse(entry?.body?.toString() ?? "{}").before).toHaveLength(200);
  expect(
    await t.db
      .select()
      .from(logEntryModels)
      .where(eq(logEntryModels.entryId, entry?.id ?? "")),
  ).toHaveLength(200);
  expect((await entriesFor(t.db, { modelId: made[7]?.id, limit: 5 })).map((e) => e.name)).toContain(
    "reconciliation.assigned",
  );
  expect(await t.db.select().from(ownerRequests)).toEqual([]);
  expect(await row(made[3]?.id ?? "")).toMatchObject({
    ownerId: owner.actor.id,
    stage: "development",
    businessUnitId: org.units.retail,
  });
  expect(await open("unclaimed")).toEqual([]);

  // One of them is claimed by someone else meanwhile: it stays when the action is taken back, and is named.
  const later = new Date(org.now.at.getTime() + 1000);
  await t.db
    .update(models)
    .set({ ownerId: architect.actor.id, claimedAt: later })
    .where(eq(models.id, made[0]?.id ?? ""));
  const listed = await reconciliationActionList(architect, {});
  expect(listed.items[0]).toMatchObject({ id: done.action, canUndo: true, items: 200 });
  expect(await undoAction(architect, { action: done.action })).toMatchObject({ reopened: 199, kept: ["shadow-000-x"] });
  expect(await row(made[0]?.id ?? "")).toMatchObject({ ownerId: architect.actor.id });
  expect(await row(made[3]?.id ?? "")).toMatchObject({ ownerId: null, stage: "unclaimed", businessUnitId: null });
  expect((await reconciliationCounts(architect, {})).unclaimed).toBe(199);
  await expect(undoAction(architect, { action: done.action })).rejects.toMatchObject({ code: "conflict" });
});

test("the list pages by key and gives every difference once", async () => {
  for (let i = 0; i < 7; i++) await seen();
  await sweep(architect, {});
  const names: string[] = [];
  let after: string | undefined;
  for (let i = 0; i < 5; i++) {
    const page = await reconciliationList(architect, { kind: "unclaimed", limit: 3, ...(after ? { after } : {}) });
    names.push(...page.items.map((item) => item.model?.name ?? ""));
    expect(page.total).toBe(7);
    if (!page.next) break;
    after = page.next;
  }
  expect(names).toHaveLength(7);
  expect(new Set(names).size).toBe(7);
});

test("a sweep twice in a row finds nothing new and leaves no entry; a model that was claimed elsewhere is gone at once", async () => {
  const m = await seen();
  expect(await sweep(architect, {})).toEqual({ found: 1, settled: 0, reopened: 0 });
  expect(await sweep(architect, {})).toEqual({ found: 0, settled: 0, reopened: 0 });
  await t.db.update(models).set({ ownerId: owner.actor.id, stage: "live" }).where(eq(models.id, m.id));
  expect(await open("unclaimed")).toEqual([]);
  expect(await sweep(architect, {})).toEqual({ found: 0, settled: 1, reopened: 0 });
});

test("a vanished model is marked as retired, and comes back when that is taken back", async () => {
  const m = await seen({ ownerId: owner.actor.id, businessUnitId: org.units.retail, vanishedAt: org.now.at });
  await sweep(architect, {});
  const [item] = await open("vanished");
  expect(item).toMatchObject({ model: { name: m.name }, evidence: { source: "MLflow EU" } });
  const { action } = await retireModels(owner, {
    select: { ids: [item?.id] },
    reason: "Its successor took over in spring.",
  });
  expect(await row(m.id)).toMatchObject({ stage: "retired" });
  await undoAction(owner, { action });
  expect(await row(m.id)).toMatchObject({ stage: "live" });
  expect(await open("vanished")).toHaveLength(1);
});

test("a renamed model is found by its versions, goes on under the new name, and both can be told apart again", async () => {
  const gone = await seen({ ownerId: owner.actor.id, businessUnitId: org.units.retail, vanishedAt: org.now.at });
  const fresh = await seen();
  await version(gone.id, "1", "a".repeat(64));
  await version(fresh.id, "1", "a".repeat(64));
  const added = await version(fresh.id, "2", "b".repeat(64));
  await sweep(architect, {});
  expect(await open("vanished")).toEqual([]);
  const [item] = await open("renamed");
  expect(item).toMatchObject({
    model: { name: gone.name },
    other: { name: fresh.name },
    evidence: { by: "digest", shared: 1 },
  });
  const { action } = await joinModels(architect, { select: { ids: [item?.id] } });
  expect(await row(gone.id)).toMatchObject({ externalName: fresh.name, vanishedAt: null, ownerId: owner.actor.id });
  expect(await row(fresh.id)).toMatchObject({ externalName: null, joinedToId: gone.id });
  expect(
    await t.db.select({ of: modelVersions.modelId }).from(modelVersions).where(eq(modelVersions.id, added)),
  ).toEqual([{ of: gone.id }]);
  await sweep(architect, {});
  expect(await open("duplicate")).toEqual([]);
  await undoAction(architect, { action });
  expect(await row(gone.id)).toMatchObject({ externalName: gone.name, vanishedAt: org.now.at });
  expect(await row(fresh.id)).toMatchObject({ externalName: fresh.name, joinedToId: null });
});

test("the same artefact in two registries is one model once joined, or two with a reason, and is asked about once", async () => {
  const a = await seen({ ownerId: owner.actor.id, businessUnitId: org.units.retail, name: "churn-score" });
  const b = await seen({
    connectionId: registries[1],
    name: "main.growth.attrition",
    externalName: "main.growth.attrition",
  });
  const c = await seen({ connectionId: registries[1], name: "Churn_Score-prod", externalName: "Churn_Score-prod" });
  await version(a.id, "1", "c".repeat(64));
  await version(b.id, "1", "c".repeat(64));
  await sweep(architect, {});
  const found = (await open("duplicate")).map((i) => [i.model?.name, i.other?.name, i.evidence.by]);
  expect(found.sort()).toEqual([
    ["churn-score", "Churn_Score-prod", "name"],
    ["churn-score", "main.growth.attrition", "digest"],
  ]);
  const [byName] = (await open("duplicate")).filter((i) => i.other?.id === c.id);
  const [byDigest] = (await open("duplicate")).filter((i) => i.other?.id === b.id);
  await expect(keepApart(architect, { select: { ids: [byName?.id] }, reason: "no" })).rejects.toMatchObject({
    code: "invalid",
  });
  await keepApart(architect, { select: { ids: [byName?.id] }, reason: "One is scored weekly for a campaign." });
  await joinModels(architect, { select: { ids: [byDigest?.id] } });
  expect((await modelRecords(architect, { name: "churn-score" })).items).toMatchObject([
    { name: b.name, source: "Unity", versions: 1 },
  ]);
  expect(await modelRecords(architect, { name: b.name })).toMatchObject({ items: [], partOf: "churn-score" });
  await sweep(architect, {});
  expect(await open("duplicate")).toEqual([]);
  expect((await open("unclaimed")).map((i) => i.model?.name)).toEqual([c.name]);
});

test("what is ignored comes back on its day; longer than half a year is refused", async () => {
  await seen();
  await sweep(architect, {});
  const [item] = await open("unclaimed");
  const days = (d: number) => new Date(org.now.at.getTime() + d * 86_400_000).toISOString().slice(0, 10);
  const ask = (until: string) =>
    ignoreItems(architect, { select: { ids: [item?.id] }, reason: "The team is being formed.", until });
  await expect(ask(days(200))).rejects.toMatchObject({ code: "invalid", faults: [{ field: "until" }] });
  await expect(ask(days(-1))).rejects.toMatchObject({ code: "invalid", faults: [{ field: "until" }] });
  await ask(days(30));
  expect(await open("unclaimed")).toEqual([]);
  const later: Ctx = { ...architect, now: () => new Date(org.now.at.getTime() + 31 * 86_400_000) };
  expect(await sweep(later, {})).toMatchObject({ reopened: 1 });
  expect(await open("unclaimed")).toHaveLength(1);
});

test("what a monitoring system sees serve and nobody listed is a difference until somebody lists it", async () => {
  const probe = org.service("Prometheus EU");
  const sight = { model: "ghost-scorer", version: "3", environment: "prod" };
  expect(await reportSighting(probe, sight)).toMatchObject({ listed: false });
  expect(await reportSighting(probe, sight)).toMatchObject({ listed: false });
  expect(await open("unlisted")).toMatchObject([
    { seenName: "ghost-scorer", evidence: { source: "Prometheus EU", version: "3" } },
  ]);
  const m = await seen({ name: "ghost-scorer", ownerId: owner.actor.id });
  await version(m.id, "3", null);
  expect(await open("unlisted")).toEqual([]);
  expect(await reportSighting(probe, sight)).toMatchObject({ listed: true, model: "ghost-scorer", version: "3" });
});

test("a person who leaves leaves models without owner, in the worklist at once", async () => {
  const admin = await org.person("Elin Brandt", "admin");
  const leaver = await org.person("Lea Vogt", "contributor", [org.units.retail]);
  const m = await seen({ ownerId: leaver.actor.id, businessUnitId: org.units.retail });
  const d = await seen({ ownerId: owner.actor.id, backupOwnerId: leaver.actor.id });
  expect(await deactivate(admin, { person: leaver.actor.id })).toMatchObject({ modelsWithoutOwner: [m.name] });
  expect(await open("ownerless")).toMatchObject([{ model: { name: m.name }, evidence: { formerOwner: "Lea Vogt" } }]);
  expect(await row(d.id)).toMatchObject({ backupOwnerId: null, ownerId: owner.actor.id });
  expect((await entriesFor(t.db, { modelId: m.id, limit: 3 })).map((e) => e.summary)).toEqual([
    "deactivated Lea Vogt; 1 model has no owner now",
  ]);
  expect((await t.db.select().from(people).where(eq(people.id, leaver.actor.id)))[0]).toMatchObject({ active: false });
});

test("who may not claim settles nothing; someone else's model is not joined away; a kind that does not fit is refused", async () => {
  const mine = await seen({ ownerId: architect.actor.id, businessUnitId: org.units.retail, name: "next-best" });
  await seen({ name: "Next_Best", externalName: "Next_Best" });
  await sweep(architect, {});
  const [pair] = await open("duplicate");
  const [loose] = await open("unclaimed");
  await expect(joinModels(viewer, { select: { ids: [pair?.id] } })).rejects.toMatchObject({ code: "forbidden" });
  await expect(joinModels(owner, { select: { ids: [pair?.id] } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(mine.name),
  });
  await expect(
    assignModels(architect, { select: { ids: [pair?.id] }, businessUnit: "retail", owner: owner.actor.id }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field: "select" }] });
  await expect(
    assignModels(owner, { select: { ids: [loose?.id] }, businessUnit: "claims", owner: owner.actor.id }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    assignModels(architect, { select: { ids: [newId()] }, businessUnit: "retail", owner: owner.actor.id }),
  ).rejects.toMatchObject({ code: "not_found" });
  const some = await t.db
    .select()
    .from(reconciliationItems)
    .where(
      and(inArray(reconciliationItems.id, [pair?.id ?? "", loose?.id ?? ""]), eq(reconciliationItems.status, "open")),
    );
  expect(some).toHaveLength(2);
});

test("a model that looks like another is entered only with a reason, and is then not brought up again", async () => {
  await seen({ name: "limit-nudge", ownerId: owner.actor.id, businessUnitId: org.units.retail });
  const form = {
    name: "Limit_Nudge-v2",
    kind: "classical",
    servingType: "batch",
    platform: "mlflow",
    businessUnit: "retail",
  };
  await expect(registerModel(owner, form)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("limit-nudge (Priya Raman"),
    faults: [{ field: "distinctBecause" }],
  });
  await registerModel(owner, { ...form, distinctBecause: "It nudges merchants, not customers." });
  await sweep(architect, {});
  expect(await open("duplicate")).toEqual([]);
});
