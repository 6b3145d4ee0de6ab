import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kpiSnapshots } from "@/db/schema/kpis";
import { logEntries } from "@/db/schema/log";
import { deployments, incidents, models, modelVersions } from "@/db/schema/models";
import { reviewDecisions, reviews } from "@/db/schema/reviews";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { freezeMonth } from "./freeze";
import { kpiBoard, kpiDetail } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let viewer: Awaited<ReturnType<typeof org.person>>;
const at = (day: string) => new Date(`2026-${day}T12:00:00Z`);

/** A live model of a unit, with one version. */
async function model(unitId: string) {
  const id = newId();
  const versionId = newId();
  await t.db.insert(models).values({
    id,
    name: `model-${id.slice(-8)}`,
    platform: "mlflow",
    stage: "live",
    tier: 2,
    businessUnitId: unitId,
    createdAt: at("01-05"),
    updatedAt: at("01-05"),
  });
  await t.db.insert(modelVersions).values({ id: versionId, modelId: id, version: "1", registeredAt: at("01-05") });
  return { id, versionId };
}

let refs = 0;
/** A review from submission to decision; `decided` null while it is open. */
async function review(modelId: string, submitted: string, decided: string | null) {
  const id = newId();
  refs += 1;
  await t.db.insert(reviews).values({
    id,
    ref: `REV-9${String(refs).padStart(3, "0")}`,
    modelId,
    title: "A review",
    status: decided ? "approved" : "in_review",
    lane: "full_board",
    submission: {},
    createdBy: viewer.actor.id,
    createdAt: at(submitted),
    updatedAt: at(submitted),
    submittedAt: at(submitted),
    decidedAt: decided ? at(decided) : null,
  });
  if (decided)
    await t.db.insert(reviewDecisions).values({
      id: newId(),
      reviewId: id,
      round: 1,
      outcome: "approved",
      rationale: "The evaluation holds.",
      digest: "d".repeat(64),
      content: "{}",
      decidedBy: viewer.actor.id,
      decidedAt: at(decided),
      validUntil: "2027-10-01",
    });
}

/** A promotion to prod, with an incident that it caused where one is given. */
async function deploy(
  m: { id: string; versionId: string },
  since: string,
  incident: { startedAt: string; intervention: "rollback" | "none"; severity: number } | null = null,
) {
  const id = newId();
  await t.db.insert(deployments).values({
    id,
    modelId: m.id,
    versionId: m.versionId,
    environment: "prod",
    kind: "new",
    since: at(since),
    until: at("10-30"),
    source: "test",
  });
  if (!incident) return;
  refs += 1;
  await t.db.insert(incidents).values({
    id: newId(),
    ref: `INC-9${String(refs).padStart(3, "0")}`,
    modelId: m.id,
    title: "It went wrong",
    severity: incident.severity,
    startedAt: at(incident.startedAt),
    deploymentId: id,
    intervention: incident.intervention,
    reportedBy: "system",
    reportedOn: `2026-${incident.startedAt}`,
  });
}

beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  viewer = await org.person("Vera Viewer", "viewer");
  const retail = await model(org.units.retail);
  const claims = await model(org.units.claims);

  await review(retail.id, "10-01", "10-06"); // Thursday to Tuesday: 3 business days
  await review(retail.id, "09-01", "10-02"); // 23 business days
  await review(claims.id, "10-05", "10-12"); // 5 business days
  await review(claims.id, "10-26", null); // open on 2 November: 5 so far
  await review(claims.id, "03-02", "03-09"); // before the quarter

  await deploy(retail, "09-10", { startedAt: "09-12", intervention: "rollback", severity: 3 }); // failed
  await deploy(retail, "09-20"); // held
  await deploy(claims, "09-15", { startedAt: "10-10", intervention: "rollback", severity: 3 }); // 25 days later: held
  await deploy(claims, "10-28"); // too young to say
  await deploy(claims, "02-01", { startedAt: "02-02", intervention: "rollback", severity: 1 }); // before the quarter
});
afterAll(() => t.drop());

const board = async (unit?: string) => {
  const { kpis } = await kpiBoard(viewer, unit ? { unit } : {});
  const of = (n: number) => {
    const found = kpis.find(({ kpi }) => kpi.n === n)?.result;
    if (!found) throw new Error(`KPI ${n} has no result.`);
    return found;
  };
  return { kpis, cycle: of(2), failures: of(5) };
};

test("cycle time counts business days of what was decided in the quarter, and carries what is open", async () => {
  const { cycle } = await board();
  expect(cycle).toMatchObject({
    eligible: 4,
    known: 3,
    met: 2,
    notMet: 1,
    value: 5,
    unknownByCause: { "still open": 1 },
  });
});

test("a deployment fails by an intervention within a week, and is unknown while it is young", async () => {
  const { failures } = await board();
  expect(failures).toMatchObject({ eligible: 4, known: 3, met: 1, notMet: 2, coverage: 0.75 });
  expect(failures.value).toBeCloseTo(100 / 3, 6);
});

test("the units below add up to the unit above them, and that to the organisation", async () => {
  const [all, group, retail, claims] = await Promise.all([board(), board("group"), board("retail"), board("claims")]);
  for (const kpi of ["cycle", "failures"] as const) {
    for (const part of ["eligible", "known", "met", "notMet"] as const) {
      expect(retail[kpi][part] + claims[kpi][part], `${kpi} ${part}`).toBe(group[kpi][part]);
      expect(group[kpi][part]).toBe(all[kpi][part]);
    }
  }
  expect(retail.failures).toMatchObject({ known: 2, met: 1, value: 50 });
  expect(claims.cycle).toMatchObject({ known: 1, value: 5 });
});

test("what nobody measures says so, and its rows can be read by number", async () => {
  const { kpis } = await board();
  expect(kpis).toHaveLength(18);
  expect(kpis.filter((k) => k.result === null)).toHaveLength(13);
  const { rows } = await kpiDetail(viewer, { kpi: "2", unit: "retail" });
  expect(rows.map((r) => [r.state, r.value])).toEqual(
    expect.arrayContaining([
      ["met", 3],
      ["not_met", 23],
    ]),
  );
});

test("an unknown unit and an unknown KPI are refused", async () => {
  await expect(kpiBoard(viewer, { unit: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  await expect(kpiDetail(viewer, { kpi: "99" })).rejects.toMatchObject({ code: "not_found" });
});

test("a month is frozen once, as of its end, for everyone and each unit; later changes do not touch it", async () => {
  await expect(freezeMonth(viewer, { month: "2026-09" })).rejects.toMatchObject({ code: "forbidden" });
  const system = org.ctxOf(systemActor);
  expect(await freezeMonth(system, { month: "2026-09" })).toMatchObject({ frozenNow: true });
  expect(await freezeMonth(system, { month: "2026-09" })).toMatchObject({ frozenNow: false });
  const entries = await t.db.select().from(logEntries).where(eq(logEntries.name, "kpis.month_frozen"));
  expect(entries).toHaveLength(1);

  const rows = await t.db.select().from(kpiSnapshots).where(eq(kpiSnapshots.month, "2026-09"));
  expect(rows).toHaveLength(4 * 5);
  const failures = (await board()).failures.kpi;
  const [whole] = await t.db
    .select()
    .from(kpiSnapshots)
    .where(and(eq(kpiSnapshots.kpi, failures), isNull(kpiSnapshots.businessUnitId)));
  // At the end of September only the first deployment had failed; the two after it were held or still young.
  expect(JSON.parse(whole?.content.toString("utf8") ?? "{}")).toMatchObject({ eligible: 3, met: 1 });
  const shown = (await kpiDetail(viewer, { kpi: failures })).months;
  expect(shown).toMatchObject([{ month: "2026-09" }]);
});
