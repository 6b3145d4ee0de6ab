import { CelScalar, celEnv, isCelError, mapType, parse, plan } from "@bufbuild/cel";
import type { FactValue } from "@/lib/facts/fact";
import type { Policy, PolicyCheck } from "./policy";

/**
 * What an expression of a policy can see. Counts are CEL ints. A value nobody knows is absent, so that reading it makes the check
 * unknown; `decision` and `adoption` have empty strings where there is none.
 */
export type PolicyFacts = {
  model: {
    name: string;
    owner: string;
    tier: number;
    legalClass: string;
    kind: string;
    servingType: string;
    stage: string;
  };
  version: { version: string; digest: string; trainedBy: string };
  readiness: {
    pass: number;
    fail: number;
    unknown: number;
    waived: number;
    notApplicable: number;
    total: number;
  } | null;
  decision: { outcome: string; ref: string; daysLeft: number };
  conditions: { open: number; openBeforeRelease: number; maxDaysOverdue: number };
  adoption: { pattern: string; version: number; deviates: boolean };
  facts: Readonly<Record<string, FactValue>>;
};

const { STRING, DYN } = CelScalar;
const anything = mapType(STRING, DYN);
const environment = celEnv({
  variables: {
    model: anything,
    version: anything,
    readiness: anything,
    decision: anything,
    conditions: anything,
    adoption: anything,
    facts: anything,
  },
});

/** A check's answer; `unknown` says what was missing. */
export type CheckAnswer = { state: "pass" | "fail" } | { state: "unknown"; cause: string };

type Program = ReturnType<typeof compile>;
const compile = (expr: string) => plan(environment, parse(expr));
const programs = new WeakMap<Policy, Map<string, Program>>();

function programOf(policy: Policy, check: PolicyCheck): Program {
  let own = programs.get(policy);
  if (!own) {
    own = new Map();
    programs.set(policy, own);
  }
  let program = own.get(check.id);
  if (!program) {
    program = compile(check.expr);
    own.set(check.id, program);
  }
  return program;
}

/** Throws with the check's id if an expression does not parse; called when a policy is loaded. */
export function compileChecks(policy: Policy): void {
  for (const check of policy.checks) {
    try {
      programOf(policy, check);
    } catch (cause) {
      throw new Error(`Policy ${policy.id} v${policy.version}, check ${check.id}: ${check.expr} does not parse.`, {
        cause,
      });
    }
  }
}

type Bindings = Parameters<Program>[0];

/** The facts as CEL values; made once per decision. */
export function bindingsOf(facts: PolicyFacts): Bindings {
  return {
    model: toMap(facts.model),
    version: toMap(facts.version),
    readiness: toMap(facts.readiness ?? {}),
    decision: toMap(facts.decision),
    conditions: toMap(facts.conditions),
    adoption: toMap(facts.adoption),
    facts: toMap(facts.facts),
  };
}

type Cel = string | bigint | number | boolean | null | Cel[] | Map<string, Cel>;

const toMap = (record: Readonly<Record<string, FactValue | null>>): Map<string, Cel> =>
  new Map(Object.entries(record).map(([k, v]) => [k, toCel(v)]));

/** Whole numbers are ints, so that policies can compare with plain literals; everything else keeps its kind. */
function toCel(value: FactValue | null): Cel {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(toCel);
  return toMap(value as Readonly<Record<string, string | number | boolean | null>>);
}

export function answerCheck(policy: Policy, check: PolicyCheck, bindings: Bindings): CheckAnswer {
  const result = programOf(policy, check)(bindings);
  if (isCelError(result)) return { state: "unknown", cause: result.message };
  if (typeof result !== "boolean") return { state: "unknown", cause: `the check yields no yes or no` };
  return { state: result ? "pass" : "fail" };
}
