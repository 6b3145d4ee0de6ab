import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facts } from "@/db/schema/facts";
import { models, modelVersions } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { adrChecksOf } from "@/lib/decision-checks/reads";
import { acceptAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { jobHandlers } from "@/lib/jobs/registry";
import { myQueue } from "@/lib/queue/queries";
import { evaluateGate } from "@/lib/releases/gate";
import { putSourceFile } from "@/lib/sources/files";
import { mapSubject } from "@/lib/sources/map";
import { modelSources, subjectList } from "@/lib/sources/queries";
import { unmapSubject } from "@/lib/sources/unmap";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { type Backfill, prometheusMissing, startPrometheus } from "@/lib/testing/prometheus";
import { createConnection } from "./create";
import { previewImport } from "./preview";
import { connectionGet } from "./queries";
import { syncRegistry } from "./sync";
import { testConnection } from "./test";

const missing = prometheusMissing();
const hour = 3_600_000;
/** The backfilled past begins here; the tests' clock moves through it. */
const begin = Math.floor((Date.now() - 5 * 24 * hour) / 300_000) * 300_000;
const after = (hours: number) => new Date(begin + hours * hour);
const between = (ms: number, from: number, to: number) => ms >= begin + from * hour && ms < begin + to * hour;

/** Good, then twice the allowed errors, good again, silent for more than a day, and good again. */
const errors = (ms: number) =>
  between(ms, 24, 36) ? 0.002 : between(ms, 48, 78) ? null : between(ms, 78, 200) ? 0.0003 : 0.0004;
const sloth = { sloth_id: "fraud-requests", sloth_service: "fraud-svc", sloth_slo: "requests" };
const named = { ...sloth, countersign_model: "card-fraud" };
const idle = { sloth_id: "idle-requests", sloth_service: "idle-svc", sloth_slo: "requests" };
const pyrra = { slo: "churn-availability", namespace: "ml" };
const pricing = { service: "pricing", model_name: "pricing" };
const gauge = (name: string, labels: Readonly<Record<string, string>>, at: Backfill["at"]): Backfill => ({
  name,
  type: "gauge",
  labels,
  at,
});
const counter = (name: string, labels: Readonly<Record<string, string>>, perHour: number): Backfill => ({
  name,
  type: "counter",
  labels,
  at: (ms) => Math.round(((ms - begin) / hour) * perHour),
});
const series: Backfill[] = [
  gauge("slo:objective:ratio", named, () => 0.999),
  gauge("slo:time_period:days", named, () => 30),
  gauge("slo:sli_error:ratio_rate30d", { ...named, sloth_window: "30d" }, errors),
  gauge("slo:objective:ratio", idle, () => 0.99),
  gauge("slo:sli_error:ratio_rate30d", { ...idle, sloth_window: "30d" }, () => Number.NaN),
  gauge("pyrra_objective", pyrra, () => 0.99),
  gauge("pyrra_window", pyrra, () => 28 * 86_400),
  gauge("pyrra_availability", pyrra, () => 0.985),
  counter("http_requests_total", { ...pricing, code: "200" }, 997_000),
  counter("http_requests_total", { ...pricing, code: "500" }, 3_000),
  ...[
    ["0.1", 0.5],
    ["0.25", 0.9],
    ["0.5", 0.995],
    ["+Inf", 1],
  ].map(([le, share]) =>
    counter("request_predict_seconds_bucket", { ...pricing, le: String(le) }, Number(share) * 1e6),
  ),
  counter("request_predict_seconds_count", pricing, 1e6),
];

const slothFile = `version: prometheus/v1
service: fraud-svc
labels: { countersign_error_budget_policy: "https://wiki.example.com/error-budget" }
slos:
  - name: requests
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{service="fraud-svc",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{service="fraud-svc"}[{{.window}}]))
`;
const openSloFile = `apiVersion: openslo/v1
kind: SLO
metadata: { name: pricing-availability, annotations: { countersign/model: pricing } }
spec:
  service: pricing
  timeWindow: [{ duration: 1d, isRolling: true }]
  budgetingMethod: Occurrences
  indicator:
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'sum(http_requests_total{service="pricing",code="200"})' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(http_requests_total{service="pricing"})' } } }
  objectives: [{ target: 0.99 }]
`;

const record = `# Serve fraud scores online

## Context and Problem Statement
Why.

## Decision Outcome
This.

### Confirmation

\`\`\`checks
- id: budget
  title: The error budget is not overspent
  scope: name == 'card-fraud'
  check: slo.error_budget_remaining >= 0.0
\`\`\`
`;

describe.skipIf(missing)(`a real Prometheus${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let server: Awaited<ReturnType<typeof startPrometheus>>;
  let org: Awaited<ReturnType<typeof testOrg>>;
  let admin: Ctx;
  let owner: Ctx;
  let connectionId: string;
  const ids: Record<string, string> = {};
  const system = (): Ctx => ({ db: t.db, actor: systemActor, now: () => org.now.at, requestId: newId() });

  beforeAll(async () => {
    [t, server] = await Promise.all([testDatabase(), startPrometheus(series, begin, begin + 100 * hour)]);
    org = await testOrg(t.db);
    org.now.at = after(20);
    admin = await org.person("Ada Admin", "admin");
    owner = await org.person("Mara Owner", "contributor", [org.units.retail]);
    for (const name of ["card-fraud", "churn", "pricing"]) {
      const id = newId();
      ids[name] = id;
      await t.db.insert(models).values({
        id,
        name,
        platform: "mlflow",
        stage: "review",
        kind: "classical",
        servingType: "online",
        businessUnitId: org.units.retail,
        ownerId: owner.actor.id,
        tier: 2,
        createdAt: org.now.at,
        updatedAt: org.now.at,
      });
      await t.db
        .insert(modelVersions)
        .values({ id: newId(), modelId: id, version: "7", digest: "d".repeat(64), registeredAt: org.now.at });
    }
    const made = await createConnection(admin, {
      name: "Prometheus EU",
      system: "prometheus",
      baseUrl: server.url,
      settings: { latencyMetric: "request_predict_seconds", latencyWindow: "1d" },
    });
    connectionId = made.id;
    await putSourceFile(admin, { id: connectionId, name: "fraud.yaml", content: slothFile });
    await putSourceFile(admin, { id: connectionId, name: "pricing.yaml", content: openSloFile });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await t?.drop();
  });

  /** Reads Prometheus at this hour and does the work that waits. */
  const readAt = async (hours: number) => {
    org.now.at = after(hours);
    const { changed } = await syncRegistry(system(), { connectionId, trigger: "manual" });
    for (const name of ["readiness.refresh", "decisions.check"]) {
      const { rows } = await t.db.execute<{ payload: unknown }>(
        sql`update job set state = 'done' where state = 'waiting' and name = ${name} returning payload`,
      );
      for (const { payload } of rows)
        await jobHandlers[name]?.(system(), typeof payload === "string" ? JSON.parse(payload) : payload);
    }
    return changed;
  };
  const told = async (model: string) => {
    const rows = await t.db
      .select()
      .from(facts)
      .where(and(eq(facts.subjectId, ids[model] ?? ""), isNull(facts.supersededAt)))
      .orderBy(asc(facts.key));
    return Object.fromEntries(rows.map((r) => [r.key, r.value]));
  };
  const gateSays = async () => {
    const { reasons } = await evaluateGate(
      t.db,
      { model: "card-fraud", version: "7", digest: "d".repeat(64), environment: "prod" },
      org.now.at,
    );
    return reasons.filter((r) => r.text.includes("SLIs and SLOs defined")).map((r) => r.text);
  };

  test("the test of the connection and the preview say what it is, and write nothing", async () => {
    const tested = await testConnection(admin, { id: connectionId });
    expect(tested).toMatchObject({ ok: true, missing: [], serverVersion: expect.stringMatching(/^\d+\.\d+/) });
    expect(tested.probes.map((p) => p.text)).toEqual([
      "answered",
      "3 SLOs in rules of Sloth and Pyrra, 2 in files; 1 name their model",
      "1 service in request_predict_seconds",
    ]);
    const preview = await previewImport(admin, { id: connectionId });
    expect(preview).toMatchObject({ brings: "facts", subjects: 4, matched: 2, unreadable: 1 });
    expect(await subjectList(admin, { id: connectionId })).toMatchObject({ subjects: [] });
  });

  test("a series is followed to a failing readiness item and a gate's reason, and back when it recovers", async () => {
    await t.db.execute(sql`update connection set import_confirmed_at = ${org.now.at.toISOString()}::timestamptz`);
    await readAt(40);
    expect(await told("card-fraud")).toMatchObject({
      "slo.count": 1,
      "slo.reporting": true,
      "slo.error_budget_policy": true,
      "slo.attainment": 0.9996,
      "slo.error_budget_remaining": 0.6,
      "slo.window_days": 30,
      "monitoring.errors": true,
    });
    expect(await gateSays()).toEqual([]);
    await readAt(77);
    const [fact] = await t.db
      .select()
      .from(facts)
      .where(
        and(eq(facts.subjectId, ids["card-fraud"] ?? ""), eq(facts.key, "slo.reporting"), isNull(facts.supersededAt)),
      );
    expect(fact).toMatchObject({
      value: false,
      detail: "nothing within 24 hours from requests",
      sourceName: "Prometheus EU",
      sourceKind: "connection",
      effectiveAt: after(77),
    });
    expect(await gateSays()).toEqual([expect.stringContaining("fail")]);
    await readAt(90);
    expect(await told("card-fraud")).toMatchObject({ "slo.reporting": true, "slo.error_budget_remaining": 0.7 });
    expect(await gateSays()).toEqual([]);
    // What was told keeps the sample's own time and the query.
    const [attained] = await t.db
      .select()
      .from(facts)
      .where(
        and(eq(facts.subjectId, ids["card-fraud"] ?? ""), eq(facts.key, "slo.attainment"), isNull(facts.supersededAt)),
      );
    expect(attained).toMatchObject({
      effectiveAt: after(90),
      detail: expect.stringContaining("requests, over 30 days"),
    });
    expect(await readAt(90)).toBe(0);
  });

  test("what names no model is counted and shown; an owner maps it, and ends the mapping", async () => {
    const unmatched = async () =>
      (await subjectList(owner, { id: connectionId, matched: "no" })).subjects.map((s) => s.subject);
    expect(await unmatched()).toEqual(["churn-availability", "idle-svc"]);
    expect(await connectionGet(admin, { id: connectionId })).toMatchObject({ subjects: 4, unmatched: 2 });
    const stranger = await org.person("Sam Stranger", "contributor", [org.units.claims]);
    await expect(
      mapSubject(stranger, { id: connectionId, subject: "churn-availability", model: "churn" }),
    ).rejects.toMatchObject({ code: "not_found" });
    await mapSubject(owner, { id: connectionId, subject: "churn-availability", model: "churn" });
    await readAt(91);
    expect(await told("churn")).toMatchObject({
      "slo.attainment": 0.985,
      "slo.error_budget_remaining": -0.5,
      "slo.window_days": 28,
    });
    expect(await modelSources(owner, { name: "churn" })).toMatchObject({
      subjects: [{ subject: "churn-availability", matchedBy: "person", mappedBy: "Mara Owner" }],
    });
    // A second subject that tells the same facts is refused; so is a subject that is another model already.
    await expect(mapSubject(owner, { id: connectionId, subject: "idle-svc", model: "churn" })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(
      mapSubject(owner, { id: connectionId, subject: "churn-availability", model: "pricing" }),
    ).rejects.toMatchObject({ code: "conflict" });
    await unmapSubject(owner, { id: connectionId, subject: "churn-availability" });
    expect(await told("churn")).toEqual({});
    expect(await unmatched()).toEqual(["churn-availability", "idle-svc"]);
  });

  test("an SLO that only a file defines is asked for itself; latency comes in milliseconds with its window", async () => {
    const pricingFacts = await told("pricing");
    expect(pricingFacts).toMatchObject({
      "slo.attainment": 0.997,
      "slo.error_budget_remaining": 0.7,
      "slo.window_days": 1,
      "monitoring.rate": true,
      "monitoring.duration": true,
      "serving.latency_p50_ms": 100,
    });
    expect(pricingFacts["serving.latency_p99_ms"]).toBeGreaterThan(250);
    expect(pricingFacts["serving.latency_p99_ms"]).toBeLessThan(500);
    const bad = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, connectionId));
    expect(bad).toMatchObject([
      { stream: "facts", externalKey: "idle-requests", reason: expect.stringContaining("NaN") },
    ]);
  });

  test("a file that is no SLO is refused with what is wrong, and a query that makes no sense is kept apart", async () => {
    const refused = (content: string) =>
      putSourceFile(admin, { id: connectionId, name: "bad.yaml", content }).catch((e: Error) => e.message);
    expect(await refused("version: prometheus/v1\nservice: x\nslos: [{ name: a, objective: 999 }]")).toContain(
      "slos.0.objective",
    );
    expect(await refused("kind: Deployment")).toContain("is neither Sloth");
    expect(await refused("a: [")).toContain("document 1");
    await putSourceFile(admin, {
      id: connectionId,
      name: "bad.yaml",
      content: slothFile.replace("fraud-svc", "broken").replace("sum(rate(http_requests_total", "sum(rate((http"),
    });
    await readAt(92);
    const bad = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, connectionId));
    expect(bad.map((b) => b.externalKey).sort()).toEqual(["broken/requests", "idle-requests"]);
  });
});

test.skipIf(missing)(
  `a decision's check flips with Prometheus from holds to broken and back, with one notice for each break${missing ? ` (skipped: ${missing})` : ""}`,
  async () => {
    const server = await startPrometheus(series, begin, begin + 100 * hour);
    const t = await testDatabase();
    try {
      const org = await testOrg(t.db);
      org.now.at = after(19);
      const admin = await org.person("Ada Admin", "admin");
      const author = await org.person("Una Architect", "architect");
      const other = await org.person("Otto Architect", "architect");
      await t.db.insert(models).values({
        id: newId(),
        name: "card-fraud",
        platform: "mlflow",
        stage: "review",
        createdAt: org.now.at,
        updatedAt: org.now.at,
      });
      const { id: connectionId } = await createConnection(admin, {
        name: "Prometheus EU",
        system: "prometheus",
        baseUrl: server.url,
        import: true,
      });
      const adr = await proposeAdr(author, { content: record });
      await acceptAdr(other, { ref: adr.ref, digest: adr.digest });
      const system = (): Ctx => ({ db: t.db, actor: systemActor, now: () => org.now.at, requestId: newId() });
      const at = async (hours: number) => {
        org.now.at = after(hours);
        await syncRegistry(system(), { connectionId, trigger: "manual" });
        for (const name of ["readiness.refresh", "decisions.check"]) {
          const { rows } = await t.db.execute<{ payload: unknown }>(
            sql`update job set state = 'done' where state = 'waiting' and name = ${name} returning payload`,
          );
          for (const { payload } of rows)
            await jobHandlers[name]?.(system(), typeof payload === "string" ? JSON.parse(payload) : payload);
        }
        const { items } = await adrChecksOf(author, { ref: adr.ref });
        const { rows: said } = await t.db.execute<{ n: number }>(
          sql`select count(*)::int as n from log_entry where name = 'adr.checks.evaluated' and summary like '%revisit%'`,
        );
        const waits = (await myQueue(author, {})).filter((item) => item.ref === adr.ref);
        return { state: items[0]?.state, waits: waits.length, asked: said[0]?.n };
      };
      expect(await at(20)).toEqual({ state: "holds", waits: 0, asked: 0 });
      expect(await at(30)).toEqual({ state: "broken", waits: 1, asked: 1 });
      expect(await at(31)).toEqual({ state: "broken", waits: 1, asked: 1 });
      expect(await at(40)).toEqual({ state: "holds", waits: 0, asked: 1 });
    } finally {
      await server.stop();
      await t.drop();
    }
  },
  180_000,
);
