import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { evidenceFiles } from "@/db/schema/facts";
import { logEntries } from "@/db/schema/log";
import { models, modelVersions } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";
import type { FactValue } from "@/lib/facts/fact";
import { pushFacts } from "@/lib/facts/push";
import { recordFacts } from "@/lib/facts/record";
import { adoptPattern } from "@/lib/patterns/adopt";
import { currentAdoption } from "@/lib/patterns/queries";
import { assessRisk } from "@/lib/risk/assess";
import { questionIds } from "@/lib/risk/tier";
import { testDatabase } from "@/lib/testing/database";
import { assess } from "./assess";
import { attest, confirmNotApplicable, revokeAttestation } from "./attest";
import { readinessJobs } from "./jobs";
import { modelReadiness } from "./queries";
import { checkReadiness } from "./take";
import { decideWaiver, requestWaiver } from "./waive";

let database: Awaited<ReturnType<typeof testDatabase>>;
const unit = newId();
const monday = new Date("2026-11-16T09:00:00Z");
const file = "a".repeat(64);

const person = (
  name: string,
  roles: readonly Role[],
  units: readonly string[] | null = [unit],
): Actor & { id: string } => ({
  kind: "person",
  id: newId(),
  name,
  grants: roles.map((role) => ({ role, units })),
  scopes: null,
});
const mara = person("Mara Lindqvist", ["contributor"]);
const tomas = person("Tomas Havel", ["contributor"]);
const ingrid = person("Ingrid Solberg", ["board_chair"], null);
const rafael = person("Rafael Ortiz", ["model_risk"], null);
const outsider = person("Wanda Klein", ["contributor"], [newId()]);
const service: Actor = {
  kind: "service",
  id: newId(),
  name: "CI",
  grants: [{ role: "service", units: null }],
  scopes: null,
};

beforeAll(async () => {
  database = await testDatabase();
  await database.db.insert(businessUnits).values({ id: unit, slug: "cards", name: "Cards" });
  await database.db.insert(people).values(
    [mara, tomas, ingrid, rafael, outsider].map((p) => ({
      id: p.id,
      name: p.name,
      email: `${p.id}@halden.test`,
      createdAt: monday,
    })),
  );
  await database.db.insert(evidenceFiles).values({
    sha256: file,
    name: "drill.pdf",
    mediaType: "application/pdf",
    size: 10,
    uploadedBy: mara.id,
    uploadedAt: monday,
  });
});
afterAll(() => database.drop());

let model: { id: string; name: string };
let version: string;
beforeEach(async () => {
  model = { id: newId(), name: `card-fraud-${newId().slice(-8)}` };
  version = newId();
  await database.db.insert(models).values({
    ...model,
    platform: "mlflow",
    stage: "development",
    kind: "classical",
    servingType: "online",
    businessUnitId: unit,
    ownerId: mara.id,
    backupOwnerId: tomas.id,
    team: "Fraud",
    tier: 2,
    claimedAt: monday,
    createdAt: monday,
    updatedAt: monday,
  });
  await database.db
    .insert(modelVersions)
    .values({ id: version, modelId: model.id, version: "7", digest: "d".repeat(64), registeredAt: monday });
});

const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now: () => now, requestId: newId() });
const days = (n: number): Date => new Date(monday.getTime() + n * 86_400_000);
const observe = (facts: Record<string, FactValue>, at = monday) =>
  database.db.transaction((tx) =>
    recordFacts(
      tx,
      Object.entries(facts).map(([key, value]) => ({
        subjectKind: "model" as const,
        subjectId: model.id,
        key,
        value,
        effectiveAt: at,
        collectedAt: at,
        source: { kind: "connection" as const, id: "prom", name: "Prometheus EU" },
      })),
      at,
    ),
  );
const item = async (id: string, now = monday) =>
  (await assess(database.db, model.id, null, now)).items.find((i) => i.id === id);
const logged = async () =>
  (await database.db.select().from(logEntries).where(eq(logEntries.modelId, model.id)).orderBy(logEntries.id)).map(
    (e) => e.name,
  );
const slo = { "slo.count": 2, "slo.reporting": true, "slo.error_budget_policy": true };
const evidence = {
  statement: "Rolled back to version 6 in staging and back again.",
  evidenceSha256: file,
  outcome: "pass" as const,
};

test("facts decide, and a fact older than its key allows turns pass into unknown", async () => {
  expect(await item("slo-1")).toMatchObject({ state: "unknown", cause: "not_connected" });
  await observe(slo);
  expect(await item("slo-1")).toMatchObject({ state: "pass", source: "Prometheus EU", required: true });
  expect(await item("slo-1", days(2))).toMatchObject({ state: "unknown", cause: "stale" });
  await observe({ "slo.reporting": false }, days(2));
  expect(await item("slo-1", days(2))).toMatchObject({ state: "fail" });
});

test("the same facts give the same digest, whenever and however often it is asked", async () => {
  await observe(slo);
  const first = await assess(database.db, model.id, null, monday);
  const later = await assess(database.db, model.id, null, new Date(monday.getTime() + 3_600_000));
  expect(later.digest).toBe(first.digest);
  expect(later.content.equals(first.content)).toBe(true);
  await observe(slo, new Date(monday.getTime() + 1_800_000));
  expect((await assess(database.db, model.id, null, monday)).digest).toBe(first.digest);
  await observe({ "slo.count": 3 });
  expect((await assess(database.db, model.id, null, monday)).digest).not.toBe(first.digest);
});

test("counts add up, and what tier and type do not ask for does not count", async () => {
  const { counts, items } = await assess(database.db, model.id, null, monday);
  expect(counts.pass + counts.fail + counts.unknown + counts.waived).toBe(counts.total);
  expect(items.length).toBe(46);
  expect(items.filter((i) => i.required).length).toBe(39);
  expect(items.find((i) => i.id === "res-1")?.required).toBe(false);
  expect(items.find((i) => i.id === "agt-1")?.required).toBe(false);
});

test("an attestation counts until it runs out, then the item is unknown again", async () => {
  await attest(as(mara), { name: model.name, items: ["rel-1"], ...evidence });
  expect(await item("rel-1")).toMatchObject({ state: "pass", source: "Mara Lindqvist" });
  expect(await item("rel-1", days(179))).toMatchObject({ state: "pass" });
  expect(await item("rel-1", days(181))).toMatchObject({ state: "unknown", cause: "stale" });
  const [row] = await database.db.select().from(models).where(eq(models.id, model.id));
  expect(row?.readinessPass).toBe((await assess(database.db, model.id, null, monday)).counts.pass);
  expect(await logged()).toEqual(["readiness.attested"]);
});

test("a newer attestation replaces the older, a revoked one no longer counts", async () => {
  await attest(as(mara), { name: model.name, items: ["rel-1", "run-1"], ...evidence });
  const again = await attest(as(tomas, days(1)), { name: model.name, items: ["rel-1"], ...evidence, outcome: "fail" });
  expect(await item("rel-1", days(1))).toMatchObject({ state: "fail", source: "Tomas Havel" });
  expect(await item("run-1", days(1))).toMatchObject({ state: "pass" });
  const id = again.attestations[0]?.id;
  await revokeAttestation(as(mara, days(2)), { id, reason: "The drill was done on the wrong service." });
  expect(await item("rel-1", days(2))).toMatchObject({ state: "unknown" });
  await expect(revokeAttestation(as(mara, days(2)), { id, reason: "Once more, the same." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a measured failure wins over anybody's word", async () => {
  await observe({ ...slo, "slo.reporting": false });
  await attest(as(mara), { name: model.name, items: ["slo-1"], ...evidence });
  expect(await item("slo-1")).toMatchObject({ state: "fail", source: "Prometheus EU" });
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
  await expect(attest(as(mara), { name: model.name, items: ["rel-1"], ...evidence, ...over })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field }],
  });
  expect(await logged()).toEqual([]);
});

test("only people of the unit attest; a service pushes facts instead", async () => {
  await expect(attest(as(outsider), { name: model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(attest(as(rafael), { name: model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(attest(as(service), { name: model.name, items: ["rel-1"], ...evidence })).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("Push a fact"),
  });
});

test("in tier 1 what does not apply needs a second person", async () => {
  await database.db.update(models).set({ tier: 1 }).where(eq(models.id, model.id));
  const said = await attest(as(mara), {
    name: model.name,
    items: ["fai-1"],
    outcome: "not_applicable",
    notApplicableReason: "no_people_affected",
    statement: "The model scores merchants' terminals and never people.",
  });
  const id = said.attestations[0]?.id;
  expect(await item("fai-1")).toMatchObject({ state: "unknown", cause: "not_attempted" });
  await expect(confirmNotApplicable(as(mara), { id })).rejects.toMatchObject({ code: "forbidden" });
  await confirmNotApplicable(as(rafael), { id });
  expect(await item("fai-1")).toMatchObject({ state: "not_applicable" });
});

const waiver = {
  item: "rel-2",
  reason: "The rollout controller arrives with the platform upgrade in January.",
  compensation: "Shadow traffic for a week, and a person watches the first hour.",
};

test("a waiver is accepted by someone else, counts until it runs out, and then at once no more", async () => {
  const asked = await requestWaiver(as(mara), { name: model.name, ...waiver, expiresOn: "2027-01-31" });
  expect(asked.ref).toMatch(/^WVR-\d{4}$/);
  expect(await item("rel-2")).toMatchObject({ state: "unknown" });
  const accept = { ref: asked.ref, outcome: "accepted", reason: "The compensation is real and short." };
  await expect(decideWaiver(as(mara), accept)).rejects.toMatchObject({ code: "forbidden" });
  await decideWaiver(as(rafael), accept);
  expect(await item("rel-2")).toMatchObject({ state: "waived", source: asked.ref });
  expect(await item("rel-2", new Date("2027-02-01T00:00:00Z"))).toMatchObject({ state: "unknown" });
  await expect(decideWaiver(as(ingrid), { ...accept, outcome: "refused" })).rejects.toMatchObject({ code: "conflict" });
  expect(await logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});

test("who asked cannot accept, even with the right to; nor can the owner", async () => {
  const both = person("Mara Lindqvist", ["contributor", "model_risk"]);
  const owner = { ...both, id: mara.id };
  const tomasToo = { ...person("Tomas Havel", ["contributor", "board_chair"]), id: tomas.id };
  const asked = await requestWaiver(as(owner), { name: model.name, ...waiver, expiresOn: "2027-01-31" });
  const accept = { ref: asked.ref, outcome: "accepted", reason: "It seems fine to me." };
  await expect(decideWaiver(as(owner), accept)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("You asked for this waiver"),
  });
  await expect(decideWaiver(as(tomasToo), accept)).rejects.toMatchObject({ code: "forbidden" });
});

test("the number of days is bounded by tier, some items are never waived, one request at a time", async () => {
  await expect(requestWaiver(as(mara), { name: model.name, ...waiver, expiresOn: "2027-06-01" })).rejects.toMatchObject(
    {
      code: "invalid",
      message: expect.stringContaining("at most 120 days: until 2027-03-16"),
    },
  );
  await expect(
    requestWaiver(as(mara), { name: model.name, ...waiver, item: "rel-5", expiresOn: "2027-01-31" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await requestWaiver(as(mara), { name: model.name, ...waiver, expiresOn: "2027-01-31" });
  await expect(
    requestWaiver(as(tomas), { name: model.name, ...waiver, expiresOn: "2027-01-31" }),
  ).rejects.toMatchObject({
    code: "conflict",
  });
});

test("of two who decide a waiver at once exactly one wins, and the log holds one decision", async () => {
  const asked = await requestWaiver(as(mara), { name: model.name, ...waiver, expiresOn: "2027-01-31" });
  const decide = (actor: Actor, outcome: string) =>
    decideWaiver(as(actor), { ref: asked.ref, outcome, reason: "Decided at the same moment." });
  const results = await Promise.allSettled([decide(ingrid, "accepted"), decide(rafael, "refused")]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((r) => r.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  expect(await logged()).toEqual(["readiness.waiver.requested", "readiness.waiver.decided"]);
});

const calm = Object.fromEntries(questionIds.map((q) => [q, 1]));

test("answering the risk questions sets tier, driver and class, and moves readiness along", async () => {
  const result = await assessRisk(as(mara), {
    name: model.name,
    answers: { ...calm, Q1: 3 },
    legalClass: "minimal",
  });
  expect(result).toMatchObject({ tier: 2, provisional: false, score: 30.5 });
  const [row] = await database.db.select().from(models).where(eq(models.id, model.id));
  expect(row).toMatchObject({ tier: 2, tierDriver: "customer harm", tierProvisional: false, legalClass: "minimal" });
  expect(await item("own-2")).toMatchObject({ state: "pass", source: "Countersign" });
  expect(await item("own-2", days(400))).toMatchObject({ state: "fail" });
  expect(await logged()).toEqual(["risk.assessed"]);
});

test("a prohibited use has no tier; an unanswered question makes the tier provisional", async () => {
  await assessRisk(as(mara), { name: model.name, answers: calm, legalClass: "prohibited" });
  const [row] = await database.db.select().from(models).where(eq(models.id, model.id));
  expect(row?.tier).toBeNull();
  expect(await item("own-2")).toMatchObject({ state: "fail" });
  await assessRisk(as(mara, days(1)), { name: model.name, answers: { ...calm, Q7: null }, legalClass: "minimal" });
  expect(await item("own-2", days(1))).toMatchObject({ state: "fail" });
});

test.each<[string, Record<string, unknown>, string]>([
  ["a score outside the scale", { answers: { ...calm, Q1: 5 } }, "answers.Q1"],
  ["an unknown question", { answers: { ...calm, Q13: 0 } }, "answers.Q13"],
  ["Annex III without its area", { legalClass: "high_risk_annex_iii" }, "legal.annexArea"],
  [
    "not high-risk while it profiles people",
    {
      legalClass: "annex_iii_not_high_risk",
      legal: { annexArea: 5, ground: "a", reason: "It only sorts incoming documents.", profilesPeople: true },
    },
    "legal.profilesPeople",
  ],
])("risk answers with %s are refused and name the field", async (_what, over, field) => {
  await expect(
    assessRisk(as(mara), { name: model.name, answers: calm, legalClass: "minimal", ...over }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field }] });
});

test("adoption pins version and digest and decides the architecture item", async () => {
  await expect(adoptPattern(as(mara), { name: model.name, pattern: "no-such" })).rejects.toMatchObject({
    code: "invalid",
  });
  const adopted = await adoptPattern(as(mara), { name: model.name, pattern: "online-inference-kubernetes" });
  expect(await currentAdoption(database.db, model.id)).toMatchObject({
    patternId: "online-inference-kubernetes",
    version: adopted.version,
    digest: adopted.digest,
    deviations: "",
  });
  expect(await item("arc-1")).toMatchObject({ state: "pass" });
  expect(await adoptPattern(as(mara), { name: model.name, pattern: "online-inference-kubernetes" })).toEqual(adopted);
  await adoptPattern(as(mara), {
    name: model.name,
    pattern: "online-inference-kubernetes",
    deviations: "Features come from a local cache instead of the feature store.",
  });
  expect(await item("arc-1")).toMatchObject({ state: "fail" });
  expect(await logged()).toEqual(["pattern.adopted", "pattern.adopted"]);
});

test("pushed facts are typed against the catalogue; an unknown key is refused with the nearest one, and nothing is kept", async () => {
  const push = (facts: unknown[]) => pushFacts(as(service), { facts, run: "build 812" });
  await expect(
    push([
      { model: model.name, key: "slo.count", value: 2 },
      { model: model.name, key: "slo.reportin", value: true },
    ]),
  ).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "facts.1.key", message: expect.stringContaining('Did you mean "slo.reporting"?') }],
  });
  await expect(push([{ model: model.name, key: "slo.count", value: "two" }])).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(push([{ model: model.name, key: "run.commit", value: "4f2a91c" }])).rejects.toMatchObject({
    faults: [{ field: "facts.0.version" }],
  });
  await expect(push([{ model: "no-such-model", key: "slo.count", value: 2 }])).rejects.toMatchObject({
    faults: [{ field: "facts.0.model" }],
  });
  await expect(push([{ model: model.name, key: "risk.provisional", value: false }])).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(
    pushFacts(as(mara), { facts: [{ model: model.name, key: "slo.count", value: 2 }] }),
  ).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await item("slo-1")).toMatchObject({ state: "unknown" });

  await push(Object.entries(slo).map(([key, value]) => ({ model: model.name, key, value })));
  expect(await item("slo-1")).toMatchObject({ state: "pass", source: "CI" });
  expect(await logged()).toEqual(["facts.pushed"]);
});

test("checking again records what changed, and only that", async () => {
  const first = await checkReadiness(as(mara), { name: model.name });
  expect(first.changed).toBe(true);
  expect((await checkReadiness(as(mara, days(0.1)), { name: model.name })).changed).toBe(false);
  await observe(slo);
  await readinessJobs["readiness.refresh"]?.(as(systemActor), { modelId: model.id });
  expect(await logged()).toEqual(["readiness.assessed", "readiness.assessed"]);
  const [row] = await database.db.select().from(models).where(eq(models.id, model.id));
  expect(row?.readinessPass).toBe(first.counts.pass + 1);
});

test("the page's query carries the checklist's words, and hides a model of another unit", async () => {
  await attest(as(mara), { name: model.name, items: ["rel-1"], ...evidence });
  const page = await modelReadiness(as(mara), { name: model.name });
  expect(page.items.find((i) => i.id === "rel-1")).toMatchObject({ state: "pass", how: "auto", maxAgeDays: 180 });
  expect(page.attestations[0]).toMatchObject({ itemId: "rel-1", byName: "Mara Lindqvist", evidenceName: "drill.pdf" });
  await expect(modelReadiness(as(outsider), { name: model.name })).rejects.toMatchObject({ code: "not_found" });
});
