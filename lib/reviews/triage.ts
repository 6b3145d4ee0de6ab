import type { LegalClass } from "@/lib/models/model";
import { type Lane, laneRank, type TriageReason } from "./review";
import type { Submission } from "./submission";

/** Version of the rule table below; recorded with every triage, so that an old lane can be explained. */
export const triageVersion = "2026-11.2";

/** Everything triage looks at. Null is "not known", which never counts as good. */
export type TriageFacts = {
  tier: number;
  legalClass: LegalClass | null;
  adoption: { patternId: string; version: number; deviations: string } | null;
  /** Items of the readiness checklist; null when readiness was not assessed. */
  readiness: { fail: number; unknown: number } | null;
  /** Readiness items that the checklist requires of this model: its mandatory controls. */
  controls: readonly { id: string; title: string }[];
  /** Readiness items that were waived more than once for this model. */
  repeatedWaivers: readonly string[];
  submission: Submission;
};

type Rule = { id: string; lane: Lane; when: (facts: TriageFacts) => string | false };

const answered = (facts: TriageFacts, question: keyof Submission, text: string) =>
  facts.submission[question] === true && text;
const low = (facts: TriageFacts) => facts.tier >= 3;

/** The rows of the list of deviations, and the mandatory controls that they name. */
const listed = (facts: TriageFacts) => facts.submission.deviations ?? [];
const departed = (facts: TriageFacts) =>
  facts.controls.filter((c) => listed(facts).some((row) => row.control?.trim().toLowerCase() === c.id.toLowerCase()));

/** Governance.md section 6.2 as a table. Every rule that applies is a reason; the strictest lane wins. */
const rules: readonly Rule[] = [
  { id: "tier_1", lane: "full_board", when: (f) => f.tier === 1 && "the model is tier 1" },
  {
    id: "high_risk",
    lane: "full_board",
    when: (f) =>
      (f.legalClass === "high_risk_annex_iii" || f.legalClass === "high_risk_annex_i") &&
      "the law classes the system as high-risk",
  },
  {
    id: "new_pattern",
    lane: "full_board",
    when: (f) => answered(f, "newPattern", "no reference architecture covers the design"),
  },
  {
    id: "irreversible",
    lane: "full_board",
    when: (f) => answered(f, "irreversible", "the step cannot be undone at reasonable cost"),
  },
  { id: "cross_unit", lane: "full_board", when: (f) => answered(f, "crossUnit", "other business units depend on it") },
  {
    id: "agent_writes",
    lane: "full_board",
    when: (f) => answered(f, "agentWriteAccess", "it acts on other systems by itself"),
  },
  {
    id: "mandatory_control",
    lane: "full_board",
    when: (f) => answered(f, "mandatoryDeviation", "it departs from a mandatory control"),
  },
  {
    id: "deviation_from_control",
    lane: "full_board",
    when: (f) =>
      departed(f).length > 0 &&
      `a listed deviation departs from ${departed(f).length === 1 ? "the mandatory control" : "the mandatory controls"} ${departed(
        f,
      )
        .map((c) => `${c.id} (${c.title.toLowerCase()})`)
        .join(", ")}`,
  },
  {
    id: "deviations_several",
    lane: "full_board",
    when: (f) =>
      listed(f).length > 1 && `it lists ${listed(f).length} deviations, and the fast track takes one that is bounded`,
  },
  {
    id: "repeat_waiver",
    lane: "full_board",
    when: (f) => f.repeatedWaivers.length > 0 && `a waiver was repeated (${f.repeatedWaivers.join(", ")})`,
  },
  ...(["newDataClass", "newVendor", "newRegion"] as const).flatMap((question): Rule[] => {
    const text = {
      newDataClass: "the class of data is new",
      newVendor: "the supplier is new",
      newRegion: "the region is new",
    }[question];
    return [
      { id: `${question}_tier_2`, lane: "full_board", when: (f) => !low(f) && answered(f, question, text) },
      { id: question, lane: "fast_track", when: (f) => low(f) && answered(f, question, text) },
    ];
  }),
  { id: "tier_2", lane: "fast_track", when: (f) => f.tier === 2 && "the model is tier 2" },
  { id: "legal_unknown", lane: "fast_track", when: (f) => f.legalClass === null && "the legal class is not known" },
  { id: "no_pattern", lane: "fast_track", when: (f) => f.adoption === null && "no reference architecture is adopted" },
  {
    id: "deviation",
    lane: "fast_track",
    when: (f) =>
      (f.adoption?.deviations ?? "").trim() !== "" &&
      `it departs from ${f.adoption?.patternId} version ${f.adoption?.version}`,
  },
  {
    id: "deviation_listed",
    lane: "fast_track",
    when: (f) => listed(f).length === 1 && departed(f).length === 0 && "it lists one bounded deviation",
  },
  { id: "not_assessed", lane: "fast_track", when: (f) => f.readiness === null && "readiness was not assessed" },
  {
    id: "checks_fail",
    lane: "fast_track",
    when: (f) =>
      (f.readiness?.fail ?? 0) > 0 &&
      `${count(f.readiness?.fail ?? 0, "required check")} ${f.readiness?.fail === 1 ? "fails" : "fail"}`,
  },
  {
    id: "checks_unknown",
    lane: "fast_track",
    when: (f) =>
      (f.readiness?.unknown ?? 0) > 0 && `${count(f.readiness?.unknown ?? 0, "required check")} cannot be told`,
  },
];

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/**
 * The lane of a complete submission, with its reasons. Deterministic: the same facts give the same answer, whoever asks.
 */
export function triage(facts: TriageFacts): { lane: Lane; reasons: TriageReason[]; version: string } {
  if (facts.submission.emergency === true) {
    return {
      lane: "emergency",
      reasons: [{ rule: "emergency", text: "it ends an active incident or meets a legal duty" }],
      version: triageVersion,
    };
  }
  const met = rules.flatMap((rule) => {
    const text = rule.when(facts);
    return text === false ? [] : [{ rule, text }];
  });
  const lane = met.reduce<Lane>(
    (strictest, { rule }) => (laneRank[rule.lane] > laneRank[strictest] ? rule.lane : strictest),
    "self_service",
  );
  const reasons =
    lane === "self_service"
      ? [
          {
            rule: "pattern",
            text: `tier ${facts.tier}, follows ${facts.adoption?.patternId} version ${facts.adoption?.version} without deviation, and every required check passes`,
          },
        ]
      : met.filter(({ rule }) => rule.lane === lane).map(({ rule, text }) => ({ rule: rule.id, text }));
  return { lane, reasons, version: triageVersion };
}

/**
 * The lane of several models together: the strictest of all. A reason that not every model gives names those that give it.
 */
export function triageAll(all: readonly (TriageFacts & { model: string })[]): ReturnType<typeof triage> {
  const each = all.map((facts) => ({ model: facts.model, ...triage(facts) }));
  const lane = each.reduce<Lane>(
    (l, e) => (laneRank[e.lane] > laneRank[l] ? e.lane : l),
    each[0]?.lane ?? "full_board",
  );
  const told = new Map<string, { reason: TriageReason; models: string[] }>();
  for (const { model, reasons } of each.filter((e) => e.lane === lane)) {
    for (const reason of reasons) {
      const key = `${reason.rule} ${reason.text}`;
      const before = told.get(key);
      if (before) before.models.push(model);
      else told.set(key, { reason, models: [model] });
    }
  }
  return {
    lane,
    version: triageVersion,
    reasons: [...told.values()].map(({ reason, models }) =>
      models.length === all.length ? reason : { ...reason, text: `${reason.text} (${models.join(", ")})` },
    ),
  };
}

/** "In this lane because the supplier is new and the region is new." */
export function because(reasons: readonly TriageReason[]): string {
  const texts = reasons.map((r) => r.text);
  if (texts.length === 0) return "";
  const last = texts.at(-1) ?? "";
  return `In this lane because ${texts.length === 1 ? last : `${texts.slice(0, -1).join(", ")} and ${last}`}.`;
}

/** One automatic decision in ten is drawn for a look by people afterwards; the digest draws, so nobody can choose. */
export const isSampled = (submissionDigest: string): boolean =>
  Number.parseInt(submissionDigest.slice(0, 8), 16) % 10 === 0;
