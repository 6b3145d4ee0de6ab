import type { ApprovalInput, GateInputs } from "@/lib/releases/gate-inputs";
import { freeze, type GateEvent, type GateQuestion } from "./events";

type World = {
  digest: string | null;
  tier: number | null;
  prohibited: boolean;
  owner: string;
  trainedBy: string | null;
  policy: 0 | 1;
  decision: { digest: string; outcome: string; endsAt: number } | null;
  adr: string | null;
  readiness: { fail: number; unknown: number } | null;
  conditions: { openBeforeRelease: number; maxDaysOverdue: number };
  release: {
    by: string;
    n: number;
    digest: string;
    policy: 0 | 1;
    decision: string | null;
    adr: string | null;
    open: boolean;
  } | null;
  requests: number;
  approvals: (ApprovalInput & { superseded: boolean })[];
  freeze: { from: number; until: number; lifted: boolean; exempted: boolean } | null;
  glass: NonNullable<GateInputs["breakGlass"]> | null;
};

export const begin = (): World => ({
  digest: null,
  tier: null,
  prohibited: false,
  owner: "",
  trainedBy: null,
  policy: 0,
  decision: null,
  adr: null,
  readiness: null,
  conditions: { openBeforeRelease: 0, maxDaysOverdue: 0 },
  release: null,
  requests: 0,
  approvals: [],
  freeze: null,
  glass: null,
});

const request = (n: number) => `${n}`.padStart(64, "0");

/** The rows as commands would leave them, one event after another: what the portal keeps. What a command would refuse leaves them be. */
export function apply(world: World, e: GateEvent): void {
  const { release } = world;
  const pin = () => ({
    digest: world.digest ?? "",
    policy: world.policy,
    decision: world.decision?.digest ?? null,
    adr: world.adr,
  });
  switch (e.kind) {
    case "measured":
      world.digest = e.digest;
      return;
    case "tiered":
      world.tier = e.tier;
      return;
    case "classified":
      world.prohibited = e.prohibited;
      return;
    case "claimed":
      world.owner = e.owner;
      return;
    case "trained":
      world.trainedBy = e.by;
      return;
    case "policy_adopted":
      world.policy = e.policy;
      return;
    case "decided":
      world.decision = { digest: e.digest, outcome: e.outcome, endsAt: e.endsAt };
      return;
    case "recorded":
      world.adr = e.digest;
      return;
    case "assessed":
      world.readiness = { fail: e.fail, unknown: e.unknown };
      return;
    case "forgotten":
      world.readiness = null;
      return;
    case "conditioned":
      world.conditions = { openBeforeRelease: e.openBeforeRelease, maxDaysOverdue: e.maxDaysOverdue };
      return;
    case "requested":
      if (world.digest === null || release?.open) return;
      world.requests += 1;
      world.release = { by: e.by, n: world.requests, open: true, ...pin() };
      world.approvals = [];
      world.glass = null;
      if (world.freeze) world.freeze.exempted = false;
      return;
    case "refreshed":
      if (world.digest === null || !release?.open) return;
      world.requests += 1;
      world.release = { ...release, n: world.requests, ...pin() };
      return;
    case "withdrawn":
      if (release?.open) world.release = null;
      return;
    case "signed":
      if (!release?.open || release.digest !== world.digest) return;
      for (const a of world.approvals) if (a.personId === e.by) a.superseded = true;
      world.approvals.push({
        personId: e.by,
        personName: e.by,
        role: e.role,
        decision: e.decision,
        reason: "",
        digest: release.digest,
        requestSha256: request(release.n),
        keyKind: e.key,
        signedAt: new Date(e.at),
        expiresAt: new Date(e.until),
        revokedAt: null,
        superseded: false,
      });
      return;
    case "taken_back":
      for (const a of world.approvals)
        if (a.personId === e.by && !a.superseded && !a.revokedAt) a.revokedAt = new Date(e.at);
      return;
    case "frozen":
      world.freeze = { from: e.from, until: e.until, lifted: false, exempted: false };
      return;
    case "lifted":
      if (world.freeze) world.freeze.lifted = true;
      return;
    case "exempted":
      if (world.freeze && release?.open) world.freeze.exempted = true;
      return;
    case "broken":
      if (!release?.open) return;
      world.glass = {
        ref: "BRK-0001",
        digest: release.digest,
        environment: "prod",
        requestedBy: e.by,
        requesterName: e.by,
        confirmedBy: e.confirmedBy,
        confirmerName: e.confirmedBy,
        keyKind: e.key,
        confirmedAt: new Date(e.at),
        until: new Date(e.until),
        endedAt: null,
      };
      return;
    case "closed_again":
      if (world.glass && !world.glass.endedAt) world.glass = { ...world.glass, endedAt: new Date(e.at) };
      return;
    case "time_passed":
      return;
  }
}

/** What the gate's core is given of these rows. */
export function inputsOf(world: World, asked: GateQuestion, digestOf: readonly [string, string]): GateInputs {
  const { release, decision, readiness, freeze: f } = world;
  return {
    asked: { model: "m", version: "1", digest: asked.digest, environment: asked.environment },
    model: { id: "m", name: "m", tier: world.tier, prohibited: world.prohibited },
    version: { id: "v", digest: world.digest, status: "READY" },
    release: release && {
      ref: "REL-0001",
      status: "open",
      digest: release.digest,
      policyDigest: digestOf[release.policy],
      decisionDigest: release.decision,
      adrDigest: release.adr,
      patternDigest: null,
      requestSha256: request(release.n),
      requestedBy: release.by,
      trainedById: world.trainedBy,
    },
    approvals: release ? world.approvals.filter((a) => !a.superseded) : [],
    standing: { decisionDigest: decision?.digest ?? null, adrDigest: world.adr, patternDigest: null },
    facts: {
      model: {
        name: "m",
        owner: world.owner,
        tier: world.tier ?? 0,
        legalClass: world.prohibited ? "prohibited" : "minimal",
        kind: "classical",
        servingType: "online",
        stage: "review",
      },
      version: { version: "1", digest: world.digest ?? "", trainedBy: world.trainedBy ?? "" },
      readiness: readiness && { ...readiness, pass: 10, waived: 0, notApplicable: 0, total: 30 },
      decision: {
        outcome: decision?.outcome ?? "",
        ref: decision ? "REV-0001" : "",
        daysLeft: decision ? Math.floor((decision.endsAt - asked.at) / 86_400_000) : 0,
      },
      conditions: { open: world.conditions.openBeforeRelease, ...world.conditions },
      adoption: { pattern: "", version: 0, deviates: false },
      facts: {},
    },
    items: { failed: [], unknown: [] },
    openConditions: [],
    decisionEnds: null,
    breakGlass: release ? world.glass : null,
    freezes: f && !f.lifted ? [freeze(f.from, f.until, f.exempted && release !== null)] : [],
    demo: false,
  };
}
