import { z } from "zod";
import { legalClasses, modelKinds, platforms } from "@/lib/models/model";
import { patternKinds, patternPlatforms } from "@/lib/patterns/pattern";
import { itemTypes } from "@/lib/readiness/readiness";
import { questionIds } from "@/lib/risk/tier";

/** Shapes of the files under content/. Unknown fields are refused, so that a misspelt limit is not silently no limit. */
const line = z.string().trim().min(1).max(300);
const prose = z.string().trim().min(1).max(4000);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower-case words joined by hyphens.");
const day = z.iso.date();

export const tierNumber = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const dataClasses = ["public", "internal", "personal", "sensitive", "special_category"] as const;

/**
 * Front matter of a reference architecture. `limits` is what the self-service lane is checked against. The fields with a default
 * came with the second edition; the first files lack them. What the newest version of each must hold is in content/patterns.test.ts.
 */
export const PatternMeta = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: line,
  kind: z.enum(patternKinds).nullable().default(null),
  summary: z.string().trim().min(20).max(400),
  owner: line,
  status: z.enum(["current", "retiring", "retired"]),
  published: day,
  review_by: day,
  limits: z.strictObject({
    tiers: z.array(tierNumber).min(1),
    serving_types: z.array(z.enum(itemTypes)).min(1),
    model_kinds: z.array(z.enum(modelKinds)).min(1),
    platforms: z.array(z.enum(platforms)).min(1),
    data_classes: z.array(z.enum(dataClasses)).min(1),
    legal_classes: z.array(z.enum(legalClasses)).min(1),
    regions: z.array(line).min(1),
    vendors: z.array(line),
    max_requests_per_second: z.number().positive().nullable(),
    write_access: z.boolean(),
    public_input: z.boolean(),
  }),
  slos: z.array(z.strictObject({ name: line, objective: line, window: line })).min(1),
  /** Items of the readiness checklist that following the pattern answers, and by what. */
  satisfies: z.array(z.strictObject({ item: slug, how: line })).default([]),
  /** Platforms for which the text says how the pattern is built there. */
  variants: z.array(z.enum(patternPlatforms)).default([]),
  related: z.array(z.strictObject({ id: slug, why: line })).default([]),
  /** Conformance: `check` is CEL over facts; null where only a person can tell. `item` is the readiness item it belongs to. */
  checks: z
    .array(
      z.strictObject({
        id: slug,
        title: line,
        item: slug.nullable(),
        check: z.string().min(1).max(1000).nullable().default(null),
      }),
    )
    .min(1),
});
export type PatternMeta = z.output<typeof PatternMeta>;

/** Front matter of a standard, playbook or runbook; which of them it is, its folder says. */
export const GuideMeta = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: line,
  summary: z.string().trim().min(20).max(400),
  owner: line,
  published: day,
  review_by: day,
  /** Readiness items that it helps to pass. */
  items: z.array(slug).min(1),
  /** Reference architectures that it belongs to; empty for all. */
  patterns: z.array(slug),
});
export type GuideMeta = z.output<typeof GuideMeta>;

/** Criteria of an evaluation with the weights that it begins with. `one` and `five` say what the ends of the scale mean. */
export const Criteria = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    published: day,
    criteria: z
      .array(
        z.strictObject({ id: slug, title: line, weight: z.int().min(0).max(100), ask: line, one: line, five: line }),
      )
      .min(2)
      .max(20),
  })
  .refine((c) => new Set(c.criteria.map((x) => x.id)).size === c.criteria.length, "Two criteria have the same id.")
  .refine((c) => c.criteria.reduce((all, x) => all + x.weight, 0) === 100, "The weights must add up to 100.");
export type Criteria = z.output<typeof Criteria>;

/** Front matter of a course; its lessons are the headings of its text. `answer` is the place of the right option, from 0. */
export const CourseMeta = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    summary: z.string().trim().min(20).max(400),
    audience: line,
    owner: line,
    published: day,
    review_by: day,
    minutes: z.int().min(5).max(600),
    questions: z
      .array(
        z.strictObject({
          id: slug,
          text: line,
          options: z.array(line).min(2).max(6),
          answer: z.int().min(0),
          /** The heading to read again. */
          lesson: line,
        }),
      )
      .min(1)
      .max(20),
  })
  .refine((c) => new Set(c.questions.map((q) => q.id)).size === c.questions.length, "Two questions have the same id.")
  .refine((c) => c.questions.every((q) => q.answer < q.options.length), "An answer is none of its options.");
export type CourseMeta = z.output<typeof CourseMeta>;

const quarter = z.string().regex(/^\d{4}-Q[1-4]$/, "A quarter such as 2027-Q2.");

/** Front matter of a blueprint: where to be, and the phases on the way. Its text says why. */
export const BlueprintMeta = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    summary: z.string().trim().min(20).max(400),
    owner: line,
    published: day,
    review_by: day,
    capabilities: z.array(z.strictObject({ name: line, now: line, next: line, later: line })).min(1),
    phases: z
      .array(
        z.strictObject({
          id: slug,
          title: line,
          from: quarter,
          to: quarter,
          aim: line,
          /** Phases that must have ended before. */
          needs: z.array(slug),
          delivers: z.array(line).min(1),
          /** What must hold before it ends; `kpi` is the number of the KPI that shows it. */
          exit: z.array(z.strictObject({ text: line, kpi: z.int().min(1).max(99).nullable() })).min(1),
          stop: z.array(line).min(1),
        }),
      )
      .min(1),
  })
  .refine(
    ({ phases }) =>
      phases.every((p, i) => p.needs.every((n) => phases.slice(0, i).some((q) => q.id === n && q.to < p.from))),
    "A phase needs only phases that end before it begins.",
  );
export type BlueprintMeta = z.output<typeof BlueprintMeta>;

/** What is said of a golden-path template; its tree lies beside it, in the folder v<N>. */
export const TemplateMeta = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: line,
  summary: z.string().trim().min(20).max(400),
  owner: line,
  published: day,
  review_by: day,
  /** The reference architecture that it builds. */
  pattern: slug,
  /** Readiness items for which it brings something. */
  items: z.array(slug).min(1),
  runtime: line,
  /** The command that tests it, run in its top folder. */
  test: z.array(line).min(1),
  /** Where to begin reading. */
  read_first: z.array(z.strictObject({ path: line, why: line })).min(1),
});
export type TemplateMeta = z.output<typeof TemplateMeta>;

/** How a pipeline of one kind asks the gate. */
export const PipelineMeta = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: line,
  summary: z.string().trim().min(20).max(400),
  owner: line,
  published: day,
  /** The file to begin with. */
  begin: line,
});
export type PipelineMeta = z.output<typeof PipelineMeta>;

export const efforts = ["minutes", "hours", "days", "weeks"] as const;

export const ChecklistItem = z.strictObject({
  id: slug,
  title: line,
  /** Area in the checklist's own order. */
  area: line,
  why: prose,
  tiers: z.array(tierNumber).min(1),
  types: z.array(z.enum(itemTypes)).min(1),
  how: z.enum(["auto", "part", "attest"]),
  /** How to get from fail or unknown to pass. */
  fix: prose,
  /** What the person who attests must put on the table. */
  evidence: prose,
  max_age_days: z.int().min(1).max(730),
  waivable: z.boolean(),
  /** CEL over facts; null where only a person can tell. */
  check: z.string().min(1).max(1000).nullable(),
  query: z.string().max(120),
  /** From this day the item counts; before it warns. */
  enforce_from: day,
  /** How much work it usually is to get it to pass; the owner's list is in this order. */
  effort: z.enum(efforts).default("days"),
  /** Items to meet first. */
  after: z.array(slug).max(5).default([]),
});
export type ChecklistItem = z.output<typeof ChecklistItem>;

export const Checklist = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    published: day,
    items: z.array(ChecklistItem).min(1),
  })
  .refine((c) => new Set(c.items.map((i) => i.id)).size === c.items.length, "Two items have the same id.")
  .superRefine((c, ctx) => {
    for (const { id, after } of c.items)
      for (const first of after)
        if (!c.items.some((i) => i.id === first))
          ctx.addIssue({ code: "custom", message: `${id} comes after ${first}, which is no item of it.` });
    const circle = circleIn(c.items);
    if (circle) ctx.addIssue({ code: "custom", message: `${circle} comes after itself.` });
  });

/** An item that, followed back through what comes before, is reached again; null when there is none. */
function circleIn(items: readonly { id: string; after: readonly string[] }[]): string | null {
  const before = new Map(items.map((i) => [i.id, i.after]));
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (before.get(from) ?? []).some((id) => id === to || (!seen.has(id) && reaches(id, to, new Set([...seen, id]))));
  return items.find((i) => reaches(i.id, i.id, new Set()))?.id ?? null;
}
export type Checklist = z.output<typeof Checklist>;

export const Kpi = z.strictObject({
  n: z.int().min(1).max(99),
  id: slug,
  name: line,
  /** Which way is better: up, down, or into a band. */
  direction: z.enum(["up", "down", "band"]),
  family: z.enum(["compliance", "performance"]),
  tile: z.enum(["outcomes", "exposure", "flow", "money", "structure"]),
  unit: line,
  numerator: prose,
  denominator: prose,
  window: line,
  missing: prose,
  target: z.strictObject({ text: line, low: z.number().nullable(), high: z.number().nullable(), source: line }),
  sources: z.array(line).min(1),
  connect: line,
  min_n: z.int().min(0),
  gaming: prose,
  pair: z.array(z.int()),
  method_version: line,
});
export type Kpi = z.output<typeof Kpi>;

export const KpiFile = z
  .strictObject({ id: slug, version: z.int().min(1), title: line, kpis: z.array(Kpi).min(1) })
  .refine((f) => new Set(f.kpis.map((k) => k.n)).size === f.kpis.length, "Two KPIs have the same number.");
export type KpiFile = z.output<typeof KpiFile>;

const share = z.number().min(0).max(1);
const score = z.number().min(0).max(100);
const months = z.int().min(1).max(60);
const Scoring = z
  .strictObject({
    weights: z.strictObject({ impact: share, reliance: share, complexity: share }),
    thresholds: z.strictObject({ "1": score, "2": score, "3": score }),
    valid_months: z.strictObject({ "1": months, "2": months, "3": months, "4": months }),
    floors: z.array(
      z.strictObject({
        tier: tierNumber,
        text: line,
        driver: line,
        answers: z.partialRecord(z.enum(questionIds), z.array(z.int().min(0).max(4)).min(1)).optional(),
        classes: z.array(z.enum(legalClasses)).min(1).optional(),
        transparency: z.boolean().optional(),
      }),
    ),
  })
  .refine(
    ({ weights: w }) => Math.abs(w.impact + w.reliance + w.complexity - 1) < 1e-9,
    "The three weights must add up to 1.",
  )
  .refine(({ thresholds: t }) => t["1"] > t["2"] && t["2"] > t["3"], "Thresholds must fall from tier 1 to tier 3.")
  .refine(
    ({ floors }) => floors.every((f) => f.answers || f.classes || f.transparency),
    "A floor without a condition would hold for every model.",
  );

export const Questionnaire = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    method: line,
    questions: z.array(
      z.strictObject({
        id: z.enum(questionIds),
        title: line,
        help: prose,
        options: z.array(line).length(5),
      }),
    ),
    legal_classes: z.array(z.strictObject({ id: z.enum(legalClasses), title: line, help: prose })).min(1),
    annex_iii_areas: z.array(z.strictObject({ n: z.int().min(1).max(8), title: line })).length(8),
    not_high_risk_grounds: z.array(z.strictObject({ id: z.enum(["a", "b", "c", "d"]), title: line })).length(4),
    /** How answers become a tier; version 1 was written before (lib/risk/scoring.ts). */
    scoring: Scoring.optional(),
  })
  .refine(
    (q) => questionIds.every((id, i) => q.questions[i]?.id === id),
    "Give the twelve questions, Q1 to Q12, in order.",
  );
export type Questionnaire = z.output<typeof Questionnaire>;

/** Front matter of a decision record of our own (MADR 4.0.0). */
export const DecisionMeta = z.strictObject({
  status: z.enum(["proposed", "accepted", "rejected", "deprecated", "superseded"]),
  date: day,
  "decision-makers": z.array(line).min(1),
  consulted: z.array(line).optional(),
  informed: z.array(line).optional(),
  supersedes: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
});
export type DecisionMeta = z.output<typeof DecisionMeta>;

/** A release policy's envelope; what its rules may say belongs to lib/releases. */
export const PolicyFile = z.looseObject({ id: slug, version: z.int().min(1), title: line });
export type PolicyFile = z.output<typeof PolicyFile>;

/** Statements about what a team can do, by dimension and level (governance.md section 6.5). */
export const MaturityFile = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    title: line,
    published: day,
    dimensions: z
      .array(
        z.strictObject({
          id: slug,
          title: line,
          /** Stands beside the others and does not lower the overall level. */
          overlay: z.boolean().default(false),
          statements: z
            .array(
              z.strictObject({
                id: slug,
                level: z.int().min(1).max(4),
                text: line,
                /** Readiness items that tell it. */
                measured: z.array(slug).max(10).default([]),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  })
  .refine((f) => {
    const ids = f.dimensions.flatMap((d) => d.statements.map((s) => s.id));
    return new Set(ids).size === ids.length;
  }, "Two statements have the same id.");
export type MaturityFile = z.output<typeof MaturityFile>;
