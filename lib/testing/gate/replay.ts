import type { GateEvent, GateQuestion } from "./events";

type Of<K extends GateEvent["kind"]> = Extract<GateEvent, { kind: K }>;
type Log = readonly GateEvent[];

/** The last event of a kind before a place in the log, with that place. */
function last<K extends GateEvent["kind"]>(log: Log, kind: K, before = log.length): { e: Of<K>; i: number } | null {
  for (let i = before - 1; i >= 0; i--) {
    const e = log[i];
    if (e?.kind === kind) return { e: e as Of<K>, i };
  }
  return null;
}

const hours = 3_600_000;

/**
 * The policy for production as someone reads it in its file, answered from the log alone and by looking back in it for each question:
 * which requirement has which signatures is tried out, not computed. It shares no code with the gate.
 */
export function replay(log: Log, asked: GateQuestion): { decision: "allow" | "deny"; codes: string[] } {
  const deny = (...codes: string[]) => ({ decision: "deny" as const, codes });
  if (asked.environment !== "prod") return deny("WRONG_ENVIRONMENT");
  if (last(log, "classified")?.e.prohibited) return deny("PROHIBITED");
  const tier = last(log, "tiered")?.e.tier ?? null;
  if (tier === null) return deny("TIER_MISSING");

  const codes = new Set<string>();
  let hopeless = false;
  const stands = (code: string) => {
    codes.add(code);
    hopeless = true;
  };
  const digestAt = (i: number) => last(log, "measured", i)?.e.digest ?? null;
  const digest = digestAt(log.length);
  const request = standingRequest(log);
  const pinned = request && pinsAt(log, request.pinned);

  if (digest === null) stands("DIGEST_UNKNOWN");
  else if (asked.digest !== null && asked.digest !== digest) stands("DIGEST_MISMATCH");
  else if (pinned && pinned.digest !== digest) stands("REQUEST_OUTDATED");

  if (!request || !pinned) stands("NO_REQUEST");
  else {
    const now = pinsAt(log, log.length);
    if (pinned.policy !== now.policy) codes.add("POLICY_CHANGED");
    if (pinned.decision !== now.decision || pinned.adr !== now.adr) codes.add("REQUEST_OUTDATED");
    const faults = signatures(log, request, tier, asked.at);
    if (faults.delete("APPROVAL_REJECTED")) stands("APPROVAL_REJECTED");
    for (const fault of faults) codes.add(fault);
  }

  if ((last(log, "claimed")?.e.owner ?? "") === "") codes.add("OWNER_MISSING");
  const decision = last(log, "decided")?.e;
  if (tier < 4) {
    if (!decision?.outcome.startsWith("approved")) codes.add("REVIEW_MISSING");
    if (decision !== undefined && decision.endsAt < asked.at) codes.add("REVIEW_EXPIRED");
  }
  const conditions = last(log, "conditioned")?.e;
  if ((conditions?.openBeforeRelease ?? 0) > 0) codes.add("CONDITION_OPEN");
  if ((conditions?.maxDaysOverdue ?? 0) > 30) codes.add("CONDITION_OVERDUE");
  const assessed = last(log, "assessed");
  const readiness = assessed && (last(log, "forgotten")?.i ?? -1) < assessed.i ? assessed.e : null;
  if (readiness && readiness.fail > 0) codes.add("CHECK_FAILED");
  if ((!readiness || readiness.unknown > 0) && tier <= 2) codes.add("CHECK_UNKNOWN");

  const frozen = last(log, "frozen");
  if (frozen && frozen.e.from <= asked.at && asked.at < frozen.e.until) {
    const lifted = (last(log, "lifted")?.i ?? -1) > frozen.i;
    const exempted = log.some(
      (e, i) => e.kind === "exempted" && i > frozen.i && request && i > request.first && openAt(log, i),
    );
    if (!lifted && !exempted) codes.add("RELEASE_FROZEN");
  }

  if (codes.size > 0 && !hopeless && request) {
    const glass = glassOf(log, request.first);
    if (glass) {
      if (opens(log, glass, digest, request.by, asked.at)) return { decision: "allow", codes: [] };
      codes.add("BREAK_GLASS_OVER");
    }
  }
  return { decision: codes.size === 0 ? "allow" : "deny", codes: [...codes].sort() };
}

/** The request that stands: who asked, where in the log, and where what it pins was looked up last. */
function standingRequest(log: Log): { by: string; first: number; pinned: number } | null {
  let found: { by: string; first: number; pinned: number } | null = null;
  for (const [i, e] of log.entries()) {
    const measured = (last(log, "measured", i)?.e.digest ?? null) !== null;
    if (e.kind === "requested" && measured && !found) found = { by: e.by, first: i, pinned: i };
    if (e.kind === "refreshed" && measured && found) found = { ...found, pinned: i };
    if (e.kind === "withdrawn") found = null;
  }
  return found;
}

const openAt = (log: Log, i: number): boolean => standingRequest(log.slice(0, i)) !== null;

const pinsAt = (log: Log, i: number) => ({
  digest: last(log, "measured", i)?.e.digest ?? null,
  policy: last(log, "policy_adopted", i)?.e.policy ?? 0,
  decision: last(log, "decided", i)?.e.digest ?? null,
  adr: last(log, "recorded", i)?.e.digest ?? null,
});

/** Whom each tier asks for, as the file of the policy says it. */
const wanted: Readonly<Record<number, readonly (readonly string[])[]>> = {
  1: [["contributor"], ["privacy"], ["security"], ["board_chair"]],
  2: [["contributor"], ["model_risk", "security", "privacy", "compliance", "board_chair"]],
  3: [["architect", "contributor", "board_member", "board_chair", "security", "privacy", "model_risk"]],
  4: [["architect", "contributor", "board_member", "board_chair", "security", "privacy", "model_risk"]],
};

type Standing = { e: Of<"signed">; state: "back" | "stale" | "expired" | "weak" | "counts" };

function signatures(
  log: Log,
  request: { by: string; first: number; pinned: number },
  tier: number,
  at: number,
): Set<string> {
  const faults = new Set<string>();
  const standing: Standing[] = [];
  for (const person of new Set(log.flatMap((e) => (e.kind === "signed" ? [e.by] : [])))) {
    // Who signs again replaces what they signed before; a signature over bytes that are no longer those is not taken.
    const i = log.findLastIndex(
      (e, n) =>
        e.kind === "signed" &&
        e.by === person &&
        n > request.first &&
        pinsAt(log, pinnedBefore(log, request.first, n)).digest === (last(log, "measured", n)?.e.digest ?? null),
    );
    const e = log[i];
    if (e?.kind !== "signed") continue;
    const back = log.some((b, n) => n > i && b.kind === "taken_back" && b.by === person);
    if (e.decision === "REJECT") {
      if (!back) faults.add("APPROVAL_REJECTED");
      continue;
    }
    const state = back
      ? "back"
      : i < request.pinned
        ? "stale"
        : e.until <= at
          ? "expired"
          : e.key === "software"
            ? "weak"
            : "counts";
    standing.push({ e, state });
  }
  const trained = last(log, "trained")?.e.by ?? null;
  const able = standing
    .filter((s) => s.state === "counts" && s.e.by !== request.by && s.e.by !== trained)
    .map((s) => s.e);
  const places = wanted[tier] ?? [];
  const filled = bestFilling(places, able, 0);
  for (const [place, accepted] of places.entries()) {
    if (filled.includes(place)) continue;
    const spoilt = standing.filter(
      (s) => accepted.includes(s.e.role) && ["stale", "expired", "weak"].includes(s.state),
    );
    for (const s of spoilt)
      faults.add(s.state === "stale" ? "APPROVAL_STALE" : s.state === "expired" ? "APPROVAL_EXPIRED" : "KEY_TOO_WEAK");
    if (spoilt.length === 0) faults.add("APPROVAL_MISSING");
  }
  return faults;
}

/** The refresh (or the request) that a place in the log comes after. */
function pinnedBefore(log: Log, first: number, n: number): number {
  for (let i = n - 1; i > first; i--)
    if (log[i]?.kind === "refreshed" && (last(log, "measured", i)?.e.digest ?? null) !== null) return i;
  return first;
}

/** All ways to give each place one person, or nobody: the most that can be filled, the earlier places first. */
function bestFilling(places: readonly (readonly string[])[], people: readonly Of<"signed">[], from: number): number[] {
  const accepted = places[from];
  if (!accepted) return [];
  let best = bestFilling(places, people, from + 1);
  for (const person of people)
    if (accepted.includes(person.role)) {
      const rest = bestFilling(
        places,
        people.filter((p) => p !== person),
        from + 1,
      );
      if (rest.length + 1 > best.length || (rest.length + 1 === best.length && !best.includes(from)))
        best = [from, ...rest];
    }
  return best;
}

function glassOf(log: Log, first: number): { e: Of<"broken">; i: number } | null {
  const found = last(log, "broken");
  return found && found.i > first ? found : null;
}

function opens(
  log: Log,
  glass: { e: Of<"broken">; i: number },
  digest: string | null,
  requestedBy: string,
  at: number,
): boolean {
  const { e, i } = glass;
  const first = standingRequest(log.slice(0, i))?.first ?? i;
  const pinned = pinsAt(log, pinnedBefore(log, first, i)).digest;
  const trained = last(log, "trained")?.e.by ?? null;
  const ended = log.some((c, n) => n > i && c.kind === "closed_again" && c.at <= at);
  return (
    pinned === digest &&
    ![e.by, requestedBy, trained].includes(e.confirmedBy) &&
    e.key === "passkey" &&
    !ended &&
    at < Math.min(e.until, e.at + 4 * hours) &&
    e.at <= at
  );
}
