import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { models } from "@/db/schema/models";
import { findings } from "@/db/schema/reviews";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { askOwners } from "./ask-owners";
import { changeStage } from "./change-stage";
import { claimModel } from "./claim";
import { editModel } from "./edit";
import { modelGet, modelList, versionList } from "./queries";
import { registerModel } from "./register";
import { registerVersion } from "./register-version";
import { reportDeployment } from "./report-deployment";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let owner: Ctx;
let stranger: Ctx;
let ci: Ctx;

beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  owner = await org.person("Priya Raman", "contributor", [org.units.retail]);
  stranger = await org.person("Daniel Achterberg", "contributor", [org.units.claims]);
  ci = org.service("ci-pipeline");
});
afterAll(() => t.drop());

const make = (name: string, over: Record<string, unknown> = {}) =>
  registerModel(owner, {
    name,
    kind: "classical",
    servingType: "online",
    platform: "on_prem",
    businessUnit: "retail",
    ...over,
  });

const entriesOf = (id: string) =>
  t.db
    .select({ name: logEntries.name, summary: logEntries.summary })
    .from(logEntries)
    .where(eq(logEntries.modelId, id));

test("a registered model belongs to whoever entered it, and the log says so", async () => {
  const { id } = await make("credit-limit-advisor", { description: "Suggests credit limits." });
  const read = await modelGet(owner, { name: "credit-limit-advisor" });
  expect(read).toMatchObject({ stage: "development", owner: { name: "Priya Raman" }, unit: { slug: "retail" } });
  expect(await entriesOf(id)).toEqual([
    { name: "model.registered", summary: "registered credit-limit-advisor for Retail credit" },
  ]);
});

test("a name is taken once", async () => {
  await make("taken-name");
  await expect(make("taken-name")).rejects.toMatchObject({ code: "conflict", faults: [{ field: "name" }] });
});

test("a model is entered only into a business unit that the role reaches", async () => {
  await expect(make("claims-model", { businessUnit: "claims" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(make("no-unit", { businessUnit: "nowhere" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "businessUnit" }],
  });
});

test("an edit on a stale revision is refused, an edit that changes nothing leaves no entry", async () => {
  const { id } = await make("edited");
  await editModel(owner, { name: "edited", revision: 1, description: "New words." });
  await expect(editModel(owner, { name: "edited", revision: 1, description: "Other words." })).rejects.toMatchObject({
    code: "conflict",
  });
  await editModel(owner, { name: "edited", revision: 2, description: "New words." });
  expect((await entriesOf(id)).map((e) => e.name)).toEqual(["model.registered", "model.edited"]);
});

test("of two people who claim one model at once, one wins", async () => {
  await t.db.insert(models).values({
    name: "from-registry",
    platform: "mlflow",
    stage: "unclaimed",
    createdAt: org.now.at,
    updatedAt: org.now.at,
  });
  const claim = (ctx: Ctx, businessUnit: string) =>
    claimModel(ctx, { name: "from-registry", businessUnit, kind: "classical", servingType: "batch" });
  const results = await Promise.allSettled([claim(owner, "retail"), claim(stranger, "claims")]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  const lost = results.find((r) => r.status === "rejected");
  expect(lost?.reason).toMatchObject({ code: expect.stringMatching(/conflict|not_found/) });
});

test("an owned model is handed over by its owner, not taken", async () => {
  await make("handed-over");
  const thief = await org.person("Jonas Weil", "contributor", [org.units.retail]);
  const input = { name: "handed-over", businessUnit: "retail", kind: "classical", servingType: "batch" };
  await expect(claimModel(thief, input)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Priya Raman owns handed-over"),
  });
  expect(await claimModel(owner, { ...input, owner: "jonas.weil@example.com" })).toMatchObject({ owner: "Jonas Weil" });
});

test("a model of a business unit that the role does not reach is not found", async () => {
  await make("hidden");
  await expect(modelGet(stranger, { name: "hidden" })).rejects.toMatchObject({ code: "not_found" });
});

test("a stage moves along its table only", async () => {
  await make("moving", { stage: "idea" });
  await expect(changeStage(owner, { name: "moving", to: "live" })).rejects.toMatchObject({
    code: "conflict",
    message: "moving is in Idea; from there it can go to Development, Retired.",
  });
  expect(await changeStage(owner, { name: "moving", to: "development" })).toMatchObject({ stage: "development" });
});

test("a version's content never changes, and the same report twice is one", async () => {
  await make("versioned");
  const digest = "a".repeat(64);
  const first = await registerVersion(ci, { name: "versioned", version: "1.0.0", digest: `sha256:${digest}` });
  expect(await registerVersion(ci, { name: "versioned", version: "1.0.0", digest })).toEqual(first);
  await expect(
    registerVersion(ci, { name: "versioned", version: "1.0.0", digest: "b".repeat(64) }),
  ).rejects.toMatchObject({ code: "conflict" });
  await expect(registerVersion(ci, { name: "versioned", version: "2", digest: "beef" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "digest" }],
  });
});

test("a version in prod without a release raises one finding, and going back resolves it", async () => {
  const { id } = await make("bypassed");
  for (const version of ["1", "2"]) await registerVersion(ci, { name: "bypassed", version });
  const report = (version: string) => reportDeployment(ci, { name: "bypassed", version, environment: "prod" });

  org.now.at = new Date("2026-11-03T09:00:00Z");
  const first = await report("1");
  expect(first).toMatchObject({ kind: "new", releaseRef: null, raised: expect.stringMatching(/^FND-/) });
  expect(await report("1")).toMatchObject({ raised: null });

  org.now.at = new Date("2026-11-04T09:00:00Z");
  const second = await report("2");
  expect(second).toMatchObject({ kind: "new", resolved: [first?.raised] });
  org.now.at = new Date("2026-11-05T09:00:00Z");
  const rows = await t.db.select({ status: findings.status }).from(findings).where(eq(findings.modelId, id));
  expect(rows.map((r) => r.status).sort()).toEqual(["open", "resolved"]);
  expect((await entriesOf(id)).filter((e) => e.name === "deployment.reported")).toHaveLength(2);
});

test("an older version that comes back is a rollback", async () => {
  await make("rolled");
  for (const version of ["1", "2"]) {
    org.now.at = new Date(org.now.at.getTime() + 3_600_000);
    await registerVersion(ci, { name: "rolled", version });
    await reportDeployment(ci, { name: "rolled", version, environment: "staging" });
  }
  org.now.at = new Date(org.now.at.getTime() + 3_600_000);
  expect(await reportDeployment(ci, { name: "rolled", version: "1", environment: "staging" })).toMatchObject({
    kind: "rollback",
    raised: null,
  });
});

test("people do not report deployments", async () => {
  await make("reported");
  await registerVersion(ci, { name: "reported", version: "1" });
  await expect(reportDeployment(owner, { name: "reported", version: "1", environment: "prod" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("owners are asked once for the same thing", async () => {
  await make("asked-one");
  await make("asked-two");
  const ask = { models: ["asked-one", "asked-two"], about: "readiness" };
  expect(await askOwners(owner, ask)).toEqual({ asked: 2, already: 0, withoutOwner: 0 });
  expect(await askOwners(owner, ask)).toEqual({ asked: 0, already: 2, withoutOwner: 0 });
  await expect(askOwners(owner, { models: ["not-there"] })).rejects.toMatchObject({ code: "not_found" });
});

test.each(["tier", "name", "stage", "released"])("pages by %s show every model once", async (order) => {
  await t.db.execute(
    sql`update model set tier = case when length(name) % 3 = 0 then null else length(name) % 4 + 1 end,
        last_release_at = case when length(name) % 2 = 0 then timestamptz '2026-01-01' + length(name) * interval '1 day' + interval '1.234567 seconds' end`,
  );
  const seen: string[] = [];
  let after: string | undefined;
  let total = -1;
  do {
    const page = await modelList(owner, { order, limit: "3", ...(after ? { after } : {}) });
    seen.push(...page.models.map((m) => m.name));
    after = page.next ?? undefined;
    total = page.total;
  } while (after);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(total);
});

test("filters narrow the list, and a cursor of something else is refused", async () => {
  const byUnit = await modelList(org.ctxOf({ ...owner.actor, grants: [{ role: "viewer", units: null }] }), {
    unit: "group",
  });
  expect(byUnit.total).toBeGreaterThan(5);
  expect((await modelList(owner, { q: "100%" })).total).toBe(0);
  expect((await modelList(owner, { stage: "idea,live" })).models.every((m) => m.stage === "live")).toBe(true);
  await expect(modelList(owner, { after: "bm9uc2Vuc2U" })).rejects.toMatchObject({ faults: [{ field: "after" }] });
  await expect(async () => modelList(owner, { colour: "red" })).rejects.toMatchObject({
    faults: [{ field: "colour" }],
  });
});

test("versions page newest first", async () => {
  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = await versionList(owner, { name: "rolled", limit: 1, ...(after ? { after } : {}) });
    pages.push(...page.versions.map((v) => v.version));
    after = page.next ?? undefined;
  } while (after);
  expect(pages).toEqual(["2", "1"]);
});
