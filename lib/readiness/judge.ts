import { type Check, type CheckResult, type Compiled, compileCheck, evaluate } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import type { ChecklistItem } from "@/lib/content/schemas";
import { sayDay } from "@/lib/core/say-day";
import type { Fact } from "@/lib/facts/fact";
import type { Tier } from "@/lib/risk/tier";
import {
  type AssessedItem,
  type ItemType,
  type NotApplicableReason,
  notApplicableReasons,
  wordPasses,
} from "./readiness";

/** A person's word about an item, as far as judging needs it. */
export type Attested = {
  id: string;
  outcome: "pass" | "fail" | "not_applicable";
  statement: string;
  byName: string;
  effectiveAt: Date;
  expiresAt: Date;
  notApplicableReason: string | null;
  confirmed: boolean;
};

/** An accepted waiver; `checks`: CEL over facts that shows that what is done instead works. */
export type Waived = { ref: string; acceptedByName: string; expiresAt: Date; checks: readonly string[] };

/** An item that is required in further tiers from a day on. */
export type Raised = { item: string; tiers: readonly number[]; from: string };

/** The item as it is asked today, and the day on which it will be asked of the tier that raises name for it, if that lies ahead. */
export function raised(
  item: ChecklistItem,
  raises: readonly Raised[],
  tier: Tier | null,
  now: Date,
): { item: ChecklistItem; from: string | null } {
  const own = raises.filter((r) => r.item === item.id);
  if (own.length === 0) return { item, from: null };
  const further = own.filter((r) => r.from <= day(now)).flatMap((r) => r.tiers);
  const tiers = ([1, 2, 3, 4] as const).filter((t) => item.tiers.includes(t) || further.includes(t));
  const ahead = own.filter((r) => r.from > day(now) && r.tiers.includes(tier ?? 1)).map((r) => r.from);
  return { item: { ...item, tiers }, from: tiers.includes(tier ?? 1) ? null : (ahead.sort()[0] ?? null) };
}

type Given = {
  tier: Tier | null;
  type: ItemType | null;
  facts: readonly Fact[];
  attestation: Attested | null;
  waiver: Waived | null;
  now: Date;
};

type Answer = Pick<
  AssessedItem,
  | "state"
  | "cause"
  | "why"
  | "source"
  | "effectiveAt"
  | "collectedAt"
  | "expiresAt"
  | "facts"
  | "attestationId"
  | "waiverRef"
>;

const day = (at: Date): string => at.toISOString().slice(0, 10);

const nothing = {
  source: "",
  effectiveAt: null,
  collectedAt: null,
  expiresAt: null,
  facts: [],
  attestationId: null,
  waiverRef: null,
} as const;

/** Whether tier and type ask for the item. An unknown tier or type asks for everything: unknown codes fail closed. */
export const isRequired = (item: ChecklistItem, tier: Tier | null, type: ItemType | null, now: Date): boolean =>
  isAsked(item, tier, type) && day(now) >= item.enforce_from;

const isAsked = (item: ChecklistItem, tier: Tier | null, type: ItemType | null): boolean =>
  item.tiers.includes(tier ?? 1) && (type === null || item.types.includes(type));

/** The state of one item. Pure; the same inputs give the same answer whenever they are asked, as long as nothing lapses. */
export function judge(asked: ChecklistItem, given: Given, raises: readonly Raised[] = []): AssessedItem {
  const { item, from } = raised(asked, raises, given.tier, given.now);
  const required = isRequired(item, given.tier, given.type, given.now);
  const answer = waive(item, base(item, given), given);
  const typed = given.type === null || item.types.includes(given.type);
  const countsFrom = !required && isAsked(item, given.tier, given.type) ? item.enforce_from : typed ? from : null;
  return { id: item.id, title: item.title, area: item.area, required, countsFrom, ...answer };
}

/**
 * Facts decide where they can: they win over anyone's word. Where they cannot, a person's word in force counts, but not for a pass of
 * what facts decide in tier 1 (governance.md section 4). An item that needs both (`part`) stays unknown while nobody has attested.
 */
function base(item: ChecklistItem, given: Given): Answer {
  const found = item.check === null ? null : decide(item, given);
  const said = given.attestation ? attested(given.attestation, given) : null;
  if (found?.state === "fail") return found;
  if (item.how === "auto" && found?.state === "pass") return found;
  if (found && said?.state === "pass" && !wordPasses(item.how, given.tier))
    return {
      ...found,
      why: `${said.source} attests that it holds, which in tier 1 does not count for what facts decide. ${found.why}`,
      attestationId: said.attestationId,
    };
  if (said && said.state !== "unknown") return { ...said, facts: found?.facts ?? [] };
  if (item.how === "part" && found?.state === "pass")
    return {
      ...found,
      state: "unknown",
      cause: said?.cause ?? "not_attempted",
      why: said?.why ?? `${found.why} Nobody has attested it yet.`,
    };
  if (said) return said;
  if (found) return found;
  return { ...nothing, state: "unknown", cause: "not_attempted", why: "Nobody has attested it yet." };
}

function decide(item: ChecklistItem, given: Given): Answer {
  const result = evaluate(compiled(item), given.facts, given.now, valuesOf(given));
  const sources = [...new Set(result.used.map((f) => f.source.name))];
  const times = result.used.map((f) => f.effectiveAt.getTime());
  const read = result.used.map((f) => f.collectedAt.getTime());
  return {
    ...nothing,
    state: result.state,
    ...causeOf(item, result),
    source: sources.join(", "),
    effectiveAt: result.state === "unknown" || times.length === 0 ? null : new Date(Math.max(...times)),
    collectedAt: read.length === 0 ? null : new Date(Math.min(...read)),
    facts: result.used.map(({ id, key, value, stale }) => ({ id, key, value, stale })),
  };
}

/** What only the portal can know and does not yet know was not attempted, rather than not connected. */
function causeOf(item: ChecklistItem, result: CheckResult): Pick<Answer, "cause" | "why"> {
  const own = result.missing.length > 0 && result.missing.every((m) => m.from === "Countersign");
  return result.state === "unknown" && own
    ? { cause: "not_attempted", why: item.fix }
    : { cause: result.cause, why: result.why };
}

function attested(said: Attested, { tier, now }: Given): Answer {
  const common = {
    ...nothing,
    source: said.byName,
    effectiveAt: said.effectiveAt,
    collectedAt: said.effectiveAt,
    expiresAt: said.expiresAt,
    attestationId: said.id,
  };
  if (said.expiresAt <= now)
    return {
      ...common,
      state: "unknown",
      cause: "stale",
      why: `${said.byName}'s attestation of ${sayDay(said.effectiveAt)} ran out on ${sayDay(said.expiresAt)}.`,
    };
  if (said.outcome === "not_applicable") {
    const reason = notApplicableReasons[said.notApplicableReason as NotApplicableReason] ?? "No reason from the list";
    if ((tier ?? 1) === 1 && !said.confirmed)
      return {
        ...common,
        state: "unknown",
        cause: "not_attempted",
        why: `${said.byName} says it does not apply (${reason.toLowerCase()}). In tier 1 a second person has to confirm that.`,
      };
    return { ...common, state: "not_applicable", cause: null, why: `${reason}. ${said.statement}` };
  }
  return { ...common, state: said.outcome, cause: null, why: said.statement };
}

/** A waiver counts up to its instant, and not while what was promised instead is seen to fail. */
function waive(item: ChecklistItem, answer: Answer, given: Given): Answer {
  const { waiver, now } = given;
  if (!waiver || !item.waivable || waiver.expiresAt <= now) return answer;
  if (answer.state !== "fail" && answer.state !== "unknown") return answer;
  const broken = compensations(waiver.checks, given).find((c) => c.state === "fail");
  if (broken)
    return { ...answer, why: `${answer.why} ${waiver.ref} does not count: what is done instead fails. ${broken.why}` };
  return {
    ...answer,
    state: "waived",
    cause: null,
    why: `${waiver.acceptedByName} accepted the risk until ${sayDay(waiver.expiresAt)}. Without the waiver: ${answer.why}`,
    source: waiver.ref,
    expiresAt: waiver.expiresAt,
    waiverRef: waiver.ref,
  };
}

export type Compensation = { check: string; state: "pass" | "fail" | "unknown"; why: string };

/** What the checks of a waiver's compensation say. One that a later catalogue of facts does not know any more is unknown. */
export const compensations = (
  checks: readonly string[],
  given: Pick<Given, "tier" | "type" | "facts" | "now">,
): Compensation[] =>
  checks.map((check) => {
    const found = compiledOnce(check);
    if (!found.ok) return { check, state: "unknown", why: `Could not be checked: ${found.message}` };
    const { state, why } = evaluate(found.check, given.facts, given.now, valuesOf(given));
    return { check, state, why };
  });

const valuesOf = ({ tier, type }: Pick<Given, "tier" | "type">) => ({ tier: tier ?? 1, type: type ?? "" });

const checks = new Map<string, Compiled>();
const most = 500;

/** Compiled once per expression. What people write comes and goes, so the oldest are let go. */
function compiledOnce(source: string): Compiled {
  const known = checks.get(source);
  if (known) return known;
  const result = compileCheck(source, factsEnv);
  const oldest = checks.size >= most ? checks.keys().next().value : undefined;
  if (oldest !== undefined) checks.delete(oldest);
  checks.set(source, result);
  return result;
}

/** Content is checked when it is loaded and by a test, so a fault here is a fault of ours. */
function compiled(item: ChecklistItem): Check {
  const result = compiledOnce(item.check ?? "");
  if (!result.ok) throw new Error(`Readiness item ${item.id}, column ${result.column}: ${result.message}`);
  return result.check;
}
