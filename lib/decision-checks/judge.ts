import { type Check, type CheckEnv, type Compiled, compileCheck, evaluate } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { factKey } from "@/lib/facts/catalogue";
import type { Fact } from "@/lib/facts/fact";
import {
  type Aggregate,
  type Assumption,
  type AssumptionResult,
  asWhole,
  comeTo,
  type SubjectAnswer,
} from "./assumption";
import type { Candidate, Chosen } from "./scope";

const wholeEnv: CheckEnv = { facts: () => null, families: new Set(), values: { value: "number", count: "number" } };

/** Compiles what is expected: of each model over its facts, or of the one `value` and the `count` of models of an aggregate. */
export const compileExpectation = (source: string, aggregate: boolean): Compiled =>
  compileCheck(source, aggregate ? wholeEnv : factsEnv);

/** The facts that a check reads; empty when what was kept does not compile any more. */
export function keysOf(check: Pick<Assumption, "expression" | "aggregate" | "factKey">): readonly string[] {
  if (check.factKey !== null) return [check.factKey];
  const compiled = compileExpectation(check.expression, false);
  return compiled.ok ? compiled.check.keys : [];
}

/**
 * The state of a check, and each model's own answer. Pure: the same facts give the same answer until one of them goes stale.
 * `factsOf` answers all facts in force of a model and its newest version.
 */
export function judge(
  check: Assumption,
  chosen: Chosen,
  factsOf: (modelId: string) => readonly Fact[],
  now: Date,
): AssumptionResult {
  const compiled = compileExpectation(check.expression, check.aggregate !== null);
  // A key may leave the catalogue with a later release of the portal.
  if (!compiled.ok)
    return { state: "unknown", cause: "error", why: `Could not be checked: ${compiled.message}`, subjects: [] };
  const undecided = chosen.undecided.map(
    ({ model, lacks }): SubjectAnswer => ({
      modelId: model.id,
      outcome: "unknown",
      cause: "no_data",
      why: `Whether it is in scope cannot be told: its ${lacks.join(" and ")} is not known.`,
      factIds: [],
    }),
  );
  return check.aggregate !== null && check.factKey !== null
    ? whole(compiled.check, check.aggregate, check.factKey, chosen, undecided, factsOf, now)
    : each(compiled.check, chosen, undecided, factsOf, now);
}

function each(
  check: Check,
  chosen: Chosen,
  undecided: readonly SubjectAnswer[],
  factsOf: (modelId: string) => readonly Fact[],
  now: Date,
): AssumptionResult {
  const subjects = [...chosen.inside.map((model) => answer(check, model, factsOf(model.id), now)), ...undecided];
  return { ...comeTo(subjects), subjects };
}

function answer(check: Check, model: Candidate, facts: readonly Fact[], now: Date): SubjectAnswer {
  const result = evaluate(check, facts, now, model.attributes);
  return {
    modelId: model.id,
    outcome: result.state,
    cause: result.cause,
    why: result.why,
    factIds: result.used.map((fact) => fact.id),
  };
}

const reduce: Record<Aggregate, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  max: (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
};

const named: Record<Aggregate, string> = {
  sum: "Together",
  max: "The highest is",
  min: "The lowest is",
  mean: "On average",
};

function whole(
  check: Check,
  aggregate: Aggregate,
  key: string,
  chosen: Chosen,
  undecided: readonly SubjectAnswer[],
  factsOf: (modelId: string) => readonly Fact[],
  now: Date,
): AssumptionResult {
  // Reading the one number through the engine keeps one rule for which source counts and what is stale.
  const compiled = compileCheck(`${key} == ${key}`, factsEnv);
  if (!compiled.ok)
    return { state: "unknown", cause: "error", why: `Could not be checked: ${compiled.message}`, subjects: [] };
  const values: number[] = [];
  const read = chosen.inside.map((model): SubjectAnswer => {
    const result = evaluate(compiled.check, factsOf(model.id), now, model.attributes);
    const value = result.used[0]?.value;
    const factIds = result.used.map((fact) => fact.id);
    if (result.state !== "pass" || typeof value !== "number")
      return { modelId: model.id, outcome: "unknown", cause: result.cause ?? "error", why: result.why, factIds };
    values.push(value);
    return { modelId: model.id, outcome: "counted", cause: null, why: result.why, factIds };
  });
  const subjects = [...read, ...undecided];
  if (subjects.length === 0 || subjects.some((s) => s.outcome === "unknown")) return { ...comeTo(subjects), subjects };
  const value = reduce[aggregate](values);
  const result = evaluate(check, [], now, { value, count: values.length });
  const unit = factKey(key)?.unit;
  const said = `${named[aggregate]} ${value.toLocaleString("en", { maximumFractionDigits: 2 })}${unit ? ` ${unit}` : ""}, over ${values.length.toLocaleString("en")} ${values.length === 1 ? "model" : "models"}.`;
  const state = asWhole(result);
  return {
    state,
    cause: state === "unknown" ? "error" : null,
    why: state === "unknown" ? result.why : said,
    subjects,
  };
}
