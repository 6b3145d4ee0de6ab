import { businessDaysBetween, dayOf } from "@/lib/core/business-days";
import { median, type Row } from "./kpi";

/** What happened, as far as the five formulas read it, as of one instant. Loaded by load.ts. */
export type History = {
  asOf: Date;
  models: readonly ModelFact[];
  /** Production deployments since 15 months before asOf, oldest first. */
  deployments: readonly DeploymentFact[];
  incidents: readonly IncidentFact[];
  reviews: readonly ReviewFact[];
};

export type ModelFact = {
  id: string;
  name: string;
  unitId: string | null;
  tier: number | null;
  stage: string;
  createdAt: Date;
  /** Has a review or a release request: somebody asked for production. */
  asked: boolean;
  adoption: { pattern: string; deviations: string } | null;
  /** Its owner said that no pattern fits, and the architects' backlog holds it. */
  noPatternFits: boolean;
  acceptedAdr: boolean;
  readiness: { fail: number; unknown: number; total: number } | null;
};
export type DeploymentFact = {
  id: string;
  modelId: string;
  version: string;
  digest: string | null;
  kind: "new" | "rollback" | "redeploy";
  since: Date;
  until: Date | null;
};
export type IncidentFact = {
  id: string;
  ref: string;
  modelId: string;
  deploymentId: string | null;
  severity: number;
  intervention: string;
  startedAt: Date;
};
export type ReviewFact = {
  ref: string;
  title: string;
  unitId: string | null;
  lane: string | null;
  submittedAt: Date;
  /** First final decision: approved, approved with conditions or rejected. */
  decidedAt: Date | null;
  withdrawn: boolean;
};

const day = 86_400_000;
const days = (ms: number) => ms / day;
const sinceDays = (history: History, count: number) => new Date(history.asOf.getTime() - count * day);
const modelHref = (name: string) => `/models/${encodeURIComponent(name)}`;

/** KPI 1. Models first registered in the trailing two quarters that asked for production, and follow a pattern. */
export function patternAdoption(history: History): Row[] {
  const from = sinceDays(history, 182);
  return history.models
    .filter((m) => m.createdAt >= from && m.createdAt <= history.asOf)
    .map((m) => {
      const row = { id: m.id, label: m.name, href: modelHref(m.name), unitId: m.unitId, value: null, at: m.createdAt };
      if (!m.asked) return { ...row, state: "excluded", why: "never asked for production" };
      if (!m.adoption && m.noPatternFits)
        return { ...row, state: "excluded", why: "no pattern fits: in the architects' backlog" };
      if (!m.adoption) return { ...row, state: "not_met", why: "no pattern adopted" };
      if (m.adoption.deviations === "") return { ...row, state: "met", why: `conforms to ${m.adoption.pattern}` };
      return m.acceptedAdr
        ? { ...row, state: "met", why: `deviates from ${m.adoption.pattern} under an accepted ADR` }
        : { ...row, state: "not_met", why: `deviates from ${m.adoption.pattern} without an accepted ADR` };
    });
}

/** KPI 2. Business days from first complete submission to first final decision, decided in the trailing quarter; open ones by their age. */
export function reviewCycleTime(history: History): Row[] {
  const from = sinceDays(history, 91);
  return history.reviews.flatMap((r): Row[] => {
    const row = { id: r.ref, label: `${r.ref} ${r.title}`, href: `/reviews/${r.ref}`, unitId: r.unitId };
    if (r.submittedAt > history.asOf) return [];
    const decidedAt = r.decidedAt && r.decidedAt <= history.asOf ? r.decidedAt : null;
    if (decidedAt) {
      if (decidedAt < from) return [];
      const value = businessDaysBetween(dayOf(r.submittedAt), dayOf(decidedAt));
      const late = value > 10;
      return [
        {
          ...row,
          state: late ? "not_met" : "met",
          why: late ? "over 10 business days" : "within 10 business days",
          value,
          at: decidedAt,
        },
      ];
    }
    if (r.withdrawn)
      return [{ ...row, state: "excluded", why: "withdrawn by the submitter", value: null, at: r.submittedAt }];
    const age = businessDaysBetween(dayOf(r.submittedAt), dayOf(history.asOf));
    return [{ ...row, state: "unknown", why: "still open", value: age, at: r.submittedAt }];
  });
}

/** KPI 3. Tier-1 models in production whose every required item passes or is waived. Unknown is not compliant. */
export function readinessCompliance(history: History): Row[] {
  const serving = new Set(history.deployments.filter((d) => isServing(d, history.asOf)).map((d) => d.modelId));
  return history.models
    .filter((m) => m.tier === 1 && (serving.has(m.id) || m.stage === "live"))
    .map((m) => {
      const row = {
        id: m.id,
        label: m.name,
        href: `${modelHref(m.name)}/readiness`,
        unitId: m.unitId,
        value: null,
        at: null,
      };
      if (!m.readiness) return { ...row, state: "unknown", why: "never assessed" };
      if (m.readiness.fail > 0) return { ...row, state: "not_met", why: "a required item fails" };
      if (m.readiness.unknown > 0) return { ...row, state: "unknown", why: "a required item is unknown" };
      return { ...row, state: "met", why: "every required item passes or is waived" };
    });
}

const isServing = (d: DeploymentFact, at: Date) => d.since <= at && (d.until === null || d.until > at);

/** Production promotions of a digest that the model had not served just before, oldest first. */
function newDigests(history: History, modelId: string): DeploymentFact[] {
  const own = history.deployments.filter((d) => d.modelId === modelId && d.since <= history.asOf);
  return own.filter((d, i) => d.kind === "new" && (d.digest === null || d.digest !== own[i - 1]?.digest));
}

/** KPI 4. Per live model: the median of days between promotions of a new digest, trailing 90 days; met at 14 days or under. */
export function deploymentFrequency(history: History): Row[] {
  const from = sinceDays(history, 90);
  const byModel = new Map(history.models.map((m) => [m.id, m]));
  const live = history.models.filter(
    (m) => m.stage === "live" || history.deployments.some((d) => d.modelId === m.id && isServing(d, history.asOf)),
  );
  return live.flatMap((m): Row[] => {
    const model = byModel.get(m.id) ?? m;
    const row = { id: model.id, label: model.name, href: modelHref(model.name), unitId: model.unitId };
    const promotions = newDigests(history, m.id);
    const last = promotions.at(-1);
    if (!last)
      return [{ ...row, state: "unknown", why: "live, but no deployment was reported", value: null, at: null }];
    const first = promotions[0] ?? last;
    if (days(history.asOf.getTime() - first.since.getTime()) < 14) {
      return [{ ...row, state: "excluded", why: "first deployed less than 14 days ago", value: null, at: first.since }];
    }
    const gaps = promotions.flatMap((d, i) => {
      const before = promotions[i - 1];
      return before && d.since >= from ? [days(d.since.getTime() - before.since.getTime())] : [];
    });
    const sinceLast = days(history.asOf.getTime() - last.since.getTime());
    const value = median(gaps) ?? sinceLast;
    const met = value <= 14;
    return [
      {
        ...row,
        state: met ? "met" : "not_met",
        why: met ? "at or under 14 days" : gaps.length === 0 ? "no new digest in 90 days" : "over 14 days",
        value,
        at: last.since,
      },
    ];
  });
}

const interventions = new Set(["rollback", "hotfix", "disable", "traffic_shift"]);

/** KPI 5. Production deployments of the trailing quarter that needed intervention within 7 days or breached quality within 14. */
export function changeFailureRate(history: History): Row[] {
  const from = sinceDays(history, 91);
  const byModel = new Map(history.models.map((m) => [m.id, m]));
  const byDeployment = new Map<string, IncidentFact[]>();
  for (const incident of history.incidents) {
    if (!incident.deploymentId || incident.startedAt > history.asOf) continue;
    byDeployment.set(incident.deploymentId, [...(byDeployment.get(incident.deploymentId) ?? []), incident]);
  }
  return history.deployments
    .filter((d) => d.since >= from && d.since <= history.asOf && d.kind === "new")
    .map((d) => {
      const model = byModel.get(d.modelId);
      const row = {
        id: d.id,
        label: `${model?.name ?? "a model"} ${d.version}`,
        href: model ? modelHref(model.name) : "/models",
        unitId: model?.unitId ?? null,
        value: null,
        at: d.since,
      };
      const failure = (byDeployment.get(d.id) ?? []).find((i) => {
        const after = days(i.startedAt.getTime() - d.since.getTime());
        return (interventions.has(i.intervention) && after <= 7) || (i.severity <= 2 && after <= 14);
      });
      if (failure)
        return {
          ...row,
          state: "met",
          why: `${failure.ref}: ${failure.intervention === "none" ? "quality breach" : failure.intervention.replace("_", " ")}`,
        };
      if (days(history.asOf.getTime() - d.since.getTime()) < 14)
        return { ...row, state: "unknown", why: "deployed less than 14 days ago" };
      return { ...row, state: "not_met", why: "no intervention in 14 days" };
    });
}
