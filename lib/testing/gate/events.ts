import type { Role } from "@/lib/core/rights";
import type { FreezeInput } from "@/lib/releases/gate-inputs";

/** What happens to one version of one model and its release to production, as entries of a log would tell it. Instants are in milliseconds. */
export type GateEvent = { at: number } & (
  | { kind: "measured"; digest: string | null }
  | { kind: "tiered"; tier: number | null }
  | { kind: "classified"; prohibited: boolean }
  | { kind: "claimed"; owner: string }
  | { kind: "trained"; by: string | null }
  | { kind: "policy_adopted"; policy: 0 | 1 }
  | { kind: "decided"; digest: string; outcome: string; endsAt: number }
  | { kind: "recorded"; digest: string }
  | { kind: "assessed"; fail: number; unknown: number }
  | { kind: "forgotten" }
  | { kind: "conditioned"; openBeforeRelease: number; maxDaysOverdue: number }
  | { kind: "requested"; by: string }
  | { kind: "refreshed" }
  | { kind: "withdrawn" }
  | {
      kind: "signed";
      by: string;
      role: Role;
      decision: "APPROVE" | "REJECT";
      key: "passkey" | "software";
      until: number;
    }
  | { kind: "taken_back"; by: string }
  | { kind: "frozen"; from: number; until: number }
  | { kind: "lifted" }
  | { kind: "exempted" }
  | { kind: "broken"; by: string; confirmedBy: string; key: "passkey" | "software"; until: number }
  | { kind: "closed_again" }
  | { kind: "time_passed" }
);

/** What is asked at the end of a sequence. `digest` null: about the registered artefact. */
export type GateQuestion = { at: number; digest: string | null; environment: string };

export const day = 86_400_000;
export const freeze = (from: number, until: number, exempted: boolean): FreezeInput => ({
  ref: "FRZ-0001",
  startsAt: new Date(from),
  endsAt: new Date(until),
  timeZone: "UTC",
  reason: "The books are closed",
  unit: null,
  exempted: exempted ? { by: "Keeper", reason: "It mends an outage" } : null,
});
