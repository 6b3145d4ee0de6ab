import { type Check, type CheckResult, compileCheck, evaluate } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import type { ChecklistItem } from "@/lib/content/schemas";
import { sayDay } from "@/lib/core/say-day";
import type { Fact } from "@/lib/facts/fact";
import type { Tier } from "@/lib/risk/tier";
import { type AssessedItem, type ItemType, type NotApplicableReason, notApplicableReasons } from "./readiness";

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

/** An accepted waiver. */
export type Waived = { ref: string; acceptedByName: string; expiresAt: Date };

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
  item.tiers.includes(tier ?? 1) && (type === null || item.types.includes(type)) && day(now) >= item.enforce_from;

/** The state of one item. Pure; the same inputs give the same answer whenever they are asked, as long as nothing lapses. */
export function judge(item: ChecklistItem, given: Given): AssessedItem {
  const required = isRequired(item, given.tier, given.type, given.now);
  const answer = waive(item, base(item, given), given);
  return { id: item.id, title: item.title, area: item.area, required, ...answer };
}

/**
 * Facts decide where they can: they win over anyone's word. Where they cannot, a person's word in force counts. An item
 * that needs both (`part`) stays unknown while nobody has attested.
 */
function base(item: ChecklistItem, given: Given): Answer {
  const found = item.check === null ? null : decide(item, given);
  const said = given.attestation ? attested(given.attestation, given) : null;
  if (found?.state === "fail") return found;
  if (item.how === "auto" && found?.state === "pass") return found;
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
  const result = evaluate(compiled(item), given.facts, given.now, { tier: given.tier ?? 1, type: given.type ?? "" });
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

function waive(item: ChecklistItem, answer: Answer, { waiver, now }: Given): Answer {
  if (!waiver || !item.waivable || waiver.expiresAt <= now) return answer;
  if (answer.state !== "fail" && answer.state !== "unknown") return answer;
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

const checks = new Map<string, Check>();

/** Compiled once per expression; content is checked by a test, so a fault here is a fault of ours. */
function compiled(item: ChecklistItem): Check {
  const source = item.check ?? "";
  const known = checks.get(source);
  if (known) return known;
  const result = compileCheck(source, factsEnv);
  if (!result.ok) throw new Error(`Readiness item ${item.id}, column ${result.column}: ${result.message}`);
  checks.set(source, result.check);
  return result.check;
}
