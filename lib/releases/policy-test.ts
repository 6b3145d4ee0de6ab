import { z } from "zod";
import { roles } from "@/lib/core/rights";
import { decide } from "./decide";
import type { GateDecision, GateInputs } from "./gate-inputs";
import type { Policy } from "./policy";
import { decisionsOfApproval } from "./release";

/**
 * Cases beside a policy (`v1.test.yaml`): given facts and signatures, expect an answer. `given` names only what differs from a
 * healthy tier 1 model whose request is up to date and which nobody has signed yet.
 */
const Given = z.strictObject({
  tier: z.int().min(1).max(4).nullable().optional(),
  prohibited: z.boolean().optional(),
  owner: z.string().optional(),
  model: z.enum(["known", "unknown"]).optional(),
  version: z.enum(["known", "unknown", "unmeasured"]).optional(),
  environment: z.string().optional(),
  askedDigest: z.enum(["same", "other"]).optional(),
  request: z.enum(["current", "none", "older policy", "older decision", "older digest"]).optional(),
  readiness: z.strictObject({ fail: z.int().optional(), unknown: z.int().optional() }).nullable().optional(),
  decision: z.strictObject({ outcome: z.string(), daysLeft: z.int().optional() }).nullable().optional(),
  conditions: z.strictObject({ openBeforeRelease: z.int().optional(), maxDaysOverdue: z.int().optional() }).optional(),
  demo: z.boolean().optional(),
  /** A break-glass of an hour ago for two hours, asked for by Priya and confirmed by Noor, unless said otherwise. */
  breakGlass: z
    .strictObject({
      confirmed: z.string().optional(),
      covers: z.enum(["current", "older digest", "staging"]).optional(),
      key: z.enum(["passkey", "software"]).optional(),
      hours: z.number().min(0.5).max(48).optional(),
      endedEarly: z.boolean().optional(),
      confirmedHoursAgo: z.number().optional(),
    })
    .optional(),
  /** A freeze of production that began yesterday, or begins in two days. */
  freeze: z.enum(["now", "coming", "over", "exempted"]).optional(),
  approvals: z
    .array(
      z.strictObject({
        role: z.enum(roles),
        person: z.string(),
        decision: z.enum(decisionsOfApproval).optional(),
        covers: z.enum(["current", "older digest", "older request"]).optional(),
        key: z.enum(["passkey", "software"]).optional(),
        expired: z.boolean().optional(),
        takenBack: z.boolean().optional(),
      }),
    )
    .optional(),
});

const Case = z.strictObject({
  name: z.string().min(5).max(200),
  given: Given,
  expect: z.strictObject({
    decision: z.enum(["allow", "deny"]),
    reasons: z.array(z.string()).default([]),
    warnings: z.array(z.string()).default([]),
    /** Codes that break-glass passes. */
    passed: z.array(z.string()).default([]),
  }),
});
export type PolicyCase = z.output<typeof Case>;

export const PolicyTests = z.strictObject({ cases: z.array(Case).min(1) });

const now = new Date("2026-11-20T12:00:00Z");
const days = (n: number) => new Date(now.getTime() + n * 86_400_000);
const hex = (c: string) => c.repeat(64);

/** What the policy answers to a case. */
export function answerCase(policy: Policy, { given }: PolicyCase): GateDecision {
  return decide(policy, inputsOf(policy, given), now);
}

/** A case tried on a policy: what it answers, and whether that is what the case expects. */
export function triedCase(
  policy: Policy,
  c: PolicyCase,
): { name: string; decision: string; codes: string[]; holds: boolean } {
  const answer = answerCase(policy, c);
  const codes = answer.reasons.map((r) => r.code);
  const holds = answer.decision === c.expect.decision && codes.join() === c.expect.reasons.join();
  return { name: c.name, decision: answer.decision, codes, holds };
}

export function inputsOf(policy: Policy, given: z.output<typeof Given>): GateInputs {
  const tier = given.tier === undefined ? 1 : given.tier;
  const decision = given.decision === undefined ? { outcome: "approved" } : given.decision;
  const readiness = given.readiness === null ? null : { fail: 0, unknown: 0, ...given.readiness };
  const request = given.request ?? "current";
  const item = (kind: string) => (_: unknown, i: number) => ({ id: `${kind}-${i + 1}`, title: "An item", why: kind });
  return {
    asked: {
      model: "card-fraud-score",
      version: "4.2.0",
      digest: given.askedDigest === "other" ? hex("b") : hex("a"),
      environment: given.environment ?? policy.environments[0] ?? "prod",
    },
    model:
      given.model === "unknown"
        ? null
        : { id: "m", name: "card-fraud-score", tier, prohibited: given.prohibited ?? false },
    version:
      given.version === "unknown"
        ? null
        : { id: "v", digest: given.version === "unmeasured" ? null : hex("a"), status: "READY" },
    release:
      request === "none"
        ? null
        : {
            ref: "REL-0001",
            status: "open",
            digest: request === "older digest" ? hex("9") : hex("a"),
            policyDigest: request === "older policy" ? hex("0") : policy.digest,
            decisionDigest: request === "older decision" ? hex("1") : hex("d"),
            adrDigest: hex("e"),
            patternDigest: hex("f"),
            requestSha256: hex("c"),
            requestedBy: "requester",
            trainedById: "trainer",
          },
    approvals: (given.approvals ?? []).map((a) => ({
      personId: a.person,
      personName: a.person,
      role: a.role,
      decision: a.decision ?? "APPROVE",
      reason: a.decision === "REJECT" ? "The rollback was never rehearsed." : "",
      digest: a.covers === "older digest" ? hex("9") : hex("a"),
      requestSha256: a.covers === "older request" ? hex("8") : hex("c"),
      keyKind: a.key ?? "passkey",
      signedAt: days(-40),
      expiresAt: days(a.expired ? -1 : 20),
      revokedAt: a.takenBack ? days(-1) : null,
    })),
    standing: { decisionDigest: hex("d"), adrDigest: hex("e"), patternDigest: hex("f") },
    facts: {
      model: {
        name: "card-fraud-score",
        owner: given.owner ?? "Priya Raman",
        tier: tier ?? 0,
        legalClass: given.prohibited ? "prohibited" : "minimal",
        kind: "classical",
        servingType: "online",
        stage: "review",
      },
      version: { version: "4.2.0", digest: hex("a"), trainedBy: "trainer" },
      readiness: readiness && {
        pass: 36 - readiness.fail - readiness.unknown,
        fail: readiness.fail,
        unknown: readiness.unknown,
        waived: 0,
        notApplicable: 0,
        total: 36,
      },
      decision: {
        outcome: decision?.outcome ?? "",
        ref: decision ? "REV-0001" : "",
        daysLeft: decision?.daysLeft ?? 200,
      },
      conditions: {
        open: given.conditions?.openBeforeRelease ?? 0,
        openBeforeRelease: given.conditions?.openBeforeRelease ?? 0,
        maxDaysOverdue: given.conditions?.maxDaysOverdue ?? 0,
      },
      adoption: { pattern: "online-scoring", version: 1, deviates: false },
      facts: {},
    },
    items: {
      failed: Array.from({ length: readiness?.fail ?? 0 }, item("fail")),
      unknown: Array.from({ length: readiness?.unknown ?? 0 }, item("unknown")),
    },
    openConditions: [],
    decisionEnds: null,
    freezes: given.freeze ? [freezeOf(given.freeze)] : [],
    breakGlass: given.breakGlass ? glassOf(given.breakGlass) : null,
    demo: given.demo ?? false,
  };
}

function glassOf(given: NonNullable<z.output<typeof Given>["breakGlass"]>): GateInputs["breakGlass"] {
  const confirmedAt = new Date(now.getTime() - (given.confirmedHoursAgo ?? 1) * 3_600_000);
  return {
    ref: "BRK-0001",
    digest: given.covers === "older digest" ? hex("9") : hex("a"),
    environment: given.covers === "staging" ? "staging" : "prod",
    requestedBy: "Priya",
    requesterName: "Priya",
    confirmedBy: given.confirmed ?? "Noor",
    confirmerName: given.confirmed ?? "Noor",
    keyKind: given.key ?? "passkey",
    confirmedAt,
    until: new Date(confirmedAt.getTime() + (given.hours ?? 2) * 3_600_000),
    endedAt: given.endedEarly ? new Date(now.getTime() - 60_000) : null,
  };
}

const freezeOf = (given: NonNullable<z.output<typeof Given>["freeze"]>): GateInputs["freezes"][number] => ({
  ref: "FRZ-0001",
  startsAt: days(given === "coming" ? 2 : -1),
  endsAt: given === "over" ? now : days(5),
  timeZone: "Europe/Oslo",
  reason: "The books of the quarter are closed.",
  unit: null,
  exempted: given === "exempted" ? { by: "Ingrid", reason: "A fix that the close itself needs." } : null,
});
