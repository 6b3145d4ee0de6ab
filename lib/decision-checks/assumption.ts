import { z } from "zod";
import type { CheckResult, UnknownCause } from "@/lib/checks/check";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/**
 * What became of a check that a decision carries (product.md, promise 10). Of the models in its scope:
 * - `holds`: there is one at least, and all of them pass.
 * - `partly`: some pass and some fail, whatever is unknown besides.
 * - `broken`: some fail and none passes, whatever is unknown besides.
 * - `unknown`: nothing fails, and an answer is missing; or there is no model in scope, which proves nothing. The cause says which.
 *
 * A fact that is missing or stale makes its model's answer unknown, and so does a model of which it cannot be told whether it is in
 * scope: neither ever counts as pass. An aggregate holds or is broken as a whole; one unknown number makes it unknown, since a sum
 * without it would be another sum. `partly` and `broken` are a break: what was decided and what is are no longer the same.
 */
export const assumptionStates = ["holds", "partly", "broken", "unknown"] as const;
export type AssumptionState = (typeof assumptionStates)[number];

export const assumptionStateName: Record<AssumptionState, string> = {
  holds: "Holds",
  partly: "Partly",
  broken: "Broken",
  unknown: "Unknown",
};

/** What one model answers; `counted` is a number that went into an aggregate. */
export const subjectOutcomes = ["fail", "unknown", "pass", "counted"] as const;
export type SubjectOutcome = (typeof subjectOutcomes)[number];

export const aggregates = ["sum", "max", "min", "mean"] as const;
export type Aggregate = (typeof aggregates)[number];

/** Whether a state is a break, of which the decision's owners are told. */
export const isBreak = (state: AssumptionState): boolean => state === "partly" || state === "broken";

/** Decisions whose checks are looked at: what is rejected, deprecated or superseded promises nothing any more. */
export const checkedStatuses = ["proposed", "accepted"] as const;

/** At most so many checks in one record. */
export const maxChecks = 20;

const text = (most: number, ask: string) =>
  z.string({ error: ask }).trim().min(1, ask).max(most, `At most ${most} characters.`);
const key = text(120, "Name a fact of the catalogue.").optional();

/** A check as an author writes it, in a `checks` block of the record or in its front matter. */
export const WrittenCheck = z
  .strictObject({
    id: text(60, "Give an id of small letters, digits and hyphens, such as drift-monitor.").regex(
      /^[a-z][a-z0-9-]*$/,
      "Give an id of small letters, digits and hyphens, such as drift-monitor.",
    ),
    title: text(200, "Say in one line what is expected."),
    scope: text(2000, "Say which models it is about, such as tier == 1.").optional(),
    sum: key,
    max: key,
    min: key,
    mean: key,
    check: text(2000, "Give an expression over facts, such as serving.latency_ms < 120."),
  })
  .refine((check) => aggregates.filter((one) => check[one] !== undefined).length <= 1, {
    error: "Use one of sum, max, min and mean.",
  });
export type WrittenCheck = z.output<typeof WrittenCheck>;

/** A check of a record, as it is kept. */
export type Assumption = {
  key: string;
  title: string;
  scope: string | null;
  aggregate: Aggregate | null;
  factKey: string | null;
  expression: string;
};

/** What one model answered, and the recorded facts that it rests on. */
export type SubjectAnswer = {
  modelId: string;
  outcome: SubjectOutcome;
  cause: UnknownCause | null;
  why: string;
  factIds: readonly string[];
};

export type AssumptionResult = {
  state: AssumptionState;
  cause: UnknownCause | null;
  why: string;
  subjects: readonly SubjectAnswer[];
};

/** The state that so many answers of each kind come to; see `assumptionStates`. */
export const stateOf = (n: { pass: number; fail: number; unknown: number }): AssumptionState =>
  n.fail > 0 ? (n.pass > 0 ? "partly" : "broken") : n.unknown > 0 || n.pass === 0 ? "unknown" : "holds";

const order: readonly UnknownCause[] = ["error", "stale", "no_data", "not_connected", "not_attempted"];
const models = (n: number): string => `${n.toLocaleString("en")} ${n === 1 ? "model" : "models"}`;

/** What the models' answers come to, in words too. */
export function comeTo(subjects: readonly SubjectAnswer[]): Omit<AssumptionResult, "subjects"> {
  const of = (outcome: SubjectOutcome) => subjects.filter((s) => s.outcome === outcome);
  const [pass, fail, unknown] = [of("pass"), of("fail"), of("unknown")];
  if (subjects.length === 0) return { state: "unknown", cause: "no_data", why: "No model is in its scope." };
  const besides = unknown.length > 0 ? ` Of ${models(unknown.length)} it is not known.` : "";
  if (fail.length > 0) {
    const [only] = fail;
    const breaking =
      subjects.length === 1
        ? "The one model in its scope breaks it."
        : `${fail.length.toLocaleString("en")} of ${models(subjects.length)} ${fail.length === 1 ? "breaks" : "break"} it.`;
    const said = fail.length === 1 && only ? ` ${only.why}` : "";
    return {
      state: stateOf({ pass: pass.length, fail: fail.length, unknown: unknown.length }),
      cause: null,
      why: `${breaking}${said}${besides}`,
    };
  }
  if (unknown.length > 0) {
    const cause = order.find((one) => unknown.some((s) => s.cause === one)) ?? "no_data";
    const first = unknown.find((s) => s.cause === cause);
    return {
      state: "unknown",
      cause,
      why: `It is not known of ${unknown.length.toLocaleString("en")} of ${models(subjects.length)}. ${first?.why ?? ""}`.trim(),
    };
  }
  return {
    state: "holds",
    cause: null,
    why:
      subjects.length === 1
        ? "The one model in its scope keeps to it."
        : `All ${models(subjects.length)} in its scope keep to it.`,
  };
}

/** The state of an aggregate, from the one value that the numbers came to. */
export const asWhole = (result: CheckResult): AssumptionState =>
  result.state === "pass" ? "holds" : result.state === "fail" ? "broken" : "unknown";

type Checked = { ref: string; status: string; unitId: string | null; checks: number };

export function mayEvaluate(actor: Actor, adr: Checked): Verdict {
  if (actor.kind !== "system" && !holds(actor, "decisions:write", adr.unitId))
    return no(
      "forbidden",
      "Having a decision checked again needs the right decisions:write. The portal does it by itself every ten minutes.",
    );
  if (!checkedStatuses.some((one) => one === adr.status))
    return no("conflict", `${adr.ref} is ${adr.status}; what it expected is checked no more.`);
  if (adr.checks === 0) return no("conflict", `${adr.ref} carries no checks.`);
  return yes;
}
