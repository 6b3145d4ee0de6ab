import { type CelInput, celEnv, isCelError, parse, plan, unparse } from "@bufbuild/cel";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Fact, isStale } from "@/lib/facts/fact";
import { type Ast, inspect, type Names } from "./inspect";
import { any, type CelType, inWords, one, typeOfFact } from "./type-of";
import { typeOf } from "./types";
import { brokenInWords, type Described, missingInWords, seenInWords } from "./words";

/** The five states of a check (governance.md section 0). Unknown is neither pass nor fail and always has a cause. */
export const checkStates = ["pass", "fail", "unknown", "waived", "not_applicable"] as const;
export type CheckState = (typeof checkStates)[number];

export const unknownCauses = ["not_connected", "no_data", "stale", "error", "not_attempted"] as const;
export type UnknownCause = (typeof unknownCauses)[number];

/** The words for a cause on screen. */
export const causeName: Record<UnknownCause, string> = {
  not_connected: "not connected",
  no_data: "no data",
  stale: "stale",
  error: "could not be checked",
  not_attempted: "not attempted",
};

/**
 * What an expression may name: facts by their key (`slo.count`), plain values by name (`tier`), and `now`.
 * `maxAgeDays` and `from` come from the catalogue and serve staleness and the explanation.
 */
export type CheckEnv = {
  facts: (key: string) => (Described & { from: string }) | null;
  /** Families of facts, the part before the dot. */
  families: ReadonlySet<string>;
  nearest?: (key: string) => string | null;
  /** Plain values with their types, in the words of facts (`number`, `text`); "" where it is known only when it runs. */
  values: Readonly<Record<string, string>>;
};

/** A compiled expression; `keys` are the facts it reads, `values` the plain values. */
export type Check = {
  source: string;
  keys: readonly string[];
  values: readonly string[];
  env: CheckEnv;
  conjuncts: readonly { source: string; keys: readonly string[]; run: Runner }[];
  run: Runner;
};
type Runner = (bindings: Record<string, CelInput>) => unknown;

export type Compiled = { ok: true; check: Check } | { ok: false; message: string; line: number; column: number };

/** A fact that an answer rests on. */
export type UsedFact = Pick<Fact, "id" | "key" | "value" | "effectiveAt" | "collectedAt" | "source"> & {
  stale: boolean;
};
export type MissingFact = { key: string; cause: "not_connected" | "no_data" | "stale"; from: string };

/** The answer of a check. `why` is one or two sentences and holds nothing that changes by the mere passing of time. */
export type CheckResult = {
  state: "pass" | "fail" | "unknown";
  cause: UnknownCause | null;
  why: string;
  used: readonly UsedFact[];
  missing: readonly MissingFact[];
};

export const maxCheckLength = 2000;

/** Compiles a CEL expression, or says in words what is wrong and where (1-based line and column). */
export function compileCheck(source: string, env: CheckEnv): Compiled {
  if (source.length > maxCheckLength)
    return fault(`An expression has at most ${maxCheckLength} characters; this one has ${source.length}.`, source, 0);
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(source);
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^<input>:\d+:\d+: /, "") : "unreadable";
    return fault(`Not a CEL expression: ${message}.`, source, offsetOf(error));
  }
  const names: Names = { values: new Set([...Object.keys(env.values), "now"]), families: env.families };
  const found = inspect(parsed.expr, parsed.sourceInfo?.positions ?? {}, names);
  if (found.fault) return fault(found.fault.message, source, found.fault.offset);
  for (const { key, offset } of found.facts) {
    if (env.facts(key)) continue;
    const meant = env.nearest?.(key);
    return fault(`There is no fact "${key}".${meant ? ` Did you mean "${meant}"?` : ""}`, source, offset);
  }
  const typed = typeOf(parsed.expr, parsed.sourceInfo?.positions ?? {}, {
    fact: (key) => typeOfFact(env.facts(key)?.type ?? ""),
    value: (name) => (name === "now" ? one("timestamp") : typeOfFact(env.values[name] ?? "")),
    families: env.families,
    literalFault,
  });
  if ("message" in typed) return fault(typed.message, source, typed.offset);
  if (!answersYesOrNo(typed.type))
    return fault(`A check answers yes or no; this comes to ${inWords(typed.type)}.`, source, 0);
  const celEnvironment = celEnv();
  const runner = (expr: Ast): Runner => withoutStack(plan(celEnvironment, expr) as Runner);
  return {
    ok: true,
    check: {
      source,
      env,
      keys: [...new Set(found.facts.map((f) => f.key))],
      values: found.values,
      run: runner(parsed.expr),
      conjuncts: found.conjuncts.map((part) => ({
        source: unparse({ ...parsed, expr: part }),
        keys: [...new Set(inspect(part, {}, names).facts.map((f) => f.key))],
        run: runner(part),
      })),
    },
  };
}

const answersYesOrNo = (type: CelType): boolean => type.kind === "bool" || type.kind === any.kind;

/** A literal that the engine itself cannot read would make every evaluation fail. */
function literalFault(fn: "duration" | "timestamp" | "matches", text: string): string | null {
  const quoted = JSON.stringify(text);
  const answer = plan(celEnv(), parse(fn === "matches" ? `"".matches(${quoted})` : `${fn}(${quoted})`).expr)({});
  if (!isCelError(answer)) return null;
  return fn === "matches"
    ? `The pattern ${quoted} cannot be read: RE2 syntax, without look-around and back-references.`
    : `${quoted} is no ${fn === "duration" ? "duration such as '72h' or '30m'" : "instant such as '2026-11-20T09:30:00Z'"}.`;
}

/**
 * A missing fact makes CEL build an error, and most of the time of an unknown check would go into that error's stack, which nobody
 * reads. The evaluation is synchronous, so that no other code runs meanwhile.
 */
const withoutStack =
  (run: Runner): Runner =>
  (bindings) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return run(bindings);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };

/**
 * Evaluates over facts as of `now`. A missing or stale fact makes the part that reads it unknown, and the whole unless the
 * other parts decide it alone (CEL's own error absorption: `unknown || true` is true).
 */
export function evaluate(
  check: Check,
  facts: readonly Fact[],
  now: Date,
  values: Readonly<Record<string, unknown>> = {},
): CheckResult {
  const used: UsedFact[] = [];
  const missing: MissingFact[] = [];
  const families = new Map<string, Map<string, CelInput>>();
  const index = indexed(facts);
  for (const key of check.keys) {
    const known = check.env.facts(key);
    const fact = freshest(index.byKey.get(key) ?? [], known?.maxAgeDays ?? null, now);
    const [family = "", field = ""] = key.split(".");
    const map = families.get(family) ?? new Map<string, CelInput>();
    families.set(family, map);
    const from = known?.from ?? "";
    if (!fact) {
      missing.push({ key, cause: index.families.has(family) ? "no_data" : "not_connected", from });
      continue;
    }
    const { id, value, effectiveAt, collectedAt, source } = fact;
    const stale = isStale(fact, known?.maxAgeDays ?? null, now);
    used.push({ id, key, value, effectiveAt, collectedAt, source, stale });
    if (stale) missing.push({ key, cause: "stale", from });
    else map.set(field, known?.type === "instant" ? timestampFromDate(new Date(String(value))) : toCel(value));
  }
  const bindings: Record<string, CelInput> = { now: timestampFromDate(now) };
  for (const name of Object.keys(check.env.values)) if (name in values) bindings[name] = toCel(values[name]);
  for (const [family, map] of families) bindings[family] = map;

  const answer = check.run(bindings);
  if (answer === true)
    return {
      state: "pass",
      cause: null,
      why: seenInWords(
        used.filter((f) => !f.stale),
        check.env.facts,
      ),
      used,
      missing,
    };
  if (answer === false) {
    const broken = check.conjuncts.find((part) => part.run(bindings) === false) ?? check;
    const seen = used.filter((f) => broken.keys.includes(f.key));
    return { state: "fail", cause: null, why: brokenInWords(broken.source, seen, check.env.facts), used, missing };
  }
  const blocking = missing.filter((m) =>
    check.conjuncts.some((p) => p.keys.includes(m.key) && isCelError(p.run(bindings))),
  );
  const order = ["stale", "no_data", "not_connected"] as const;
  const cause = order.find((c) => blocking.some((m) => m.cause === c));
  if (cause) return { state: "unknown", cause, why: missingInWords(blocking, used, check.env.facts), used, missing };
  const message = isCelError(answer) ? answer.message : "the expression answers neither yes nor no";
  return { state: "unknown", cause: "error", why: `Could not be checked: ${message}.`, used, missing };
}

type Index = { byKey: ReadonlyMap<string, readonly Fact[]>; families: ReadonlySet<string> };
const indexes = new WeakMap<readonly Fact[], Index>();

/** The facts by key, made once for the checks of one assessment, which share the list. */
function indexed(facts: readonly Fact[]): Index {
  const known = indexes.get(facts);
  if (known) return known;
  const byKey = new Map<string, Fact[]>();
  for (const fact of facts) {
    const same = byKey.get(fact.key);
    if (same) same.push(fact);
    else byKey.set(fact.key, [fact]);
  }
  const index = { byKey, families: new Set([...byKey.keys()].map((key) => key.slice(0, key.indexOf(".")))) };
  indexes.set(facts, index);
  return index;
}

/** Of several sources the one that is not stale, then the one that was true last. */
function freshest(facts: readonly Fact[], maxAgeDays: number | null, now: Date): Fact | null {
  let best: Fact | null = null;
  for (const fact of facts) {
    if (!best) best = fact;
    else {
      const [a, b] = [isStale(best, maxAgeDays, now), isStale(fact, maxAgeDays, now)];
      if (a !== b ? a : fact.effectiveAt >= best.effectiveAt) best = fact;
    }
  }
  return best;
}

function toCel(value: unknown): CelInput {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Date) return timestampFromDate(value);
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === "object") return new Map(Object.entries(value).map(([k, v]) => [k, toCel(v)]));
  return String(value);
}

function offsetOf(error: unknown): number {
  if (typeof error !== "object" || error === null || !("location" in error)) return 0;
  const location: unknown = error.location;
  if (typeof location !== "object" || location === null || !("start" in location)) return 0;
  const start: unknown = location.start;
  return typeof start === "object" && start !== null && "offset" in start && typeof start.offset === "number"
    ? start.offset
    : 0;
}

function fault(message: string, source: string, at: number): Compiled {
  // The engine places an operator at the space before it.
  const offset = at + (/^\s*/.exec(source.slice(at))?.[0].length ?? 0);
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  return { ok: false, message, line, column: offset - before.lastIndexOf("\n") };
}
