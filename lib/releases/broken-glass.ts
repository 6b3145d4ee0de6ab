import { rightsOf, roles } from "@/lib/core/rights";
import { sayMinute } from "@/lib/core/say-day";
import type { BreakGlassInput, GateInputs, Reason } from "./gate-inputs";
import type { Policy } from "./policy";
import { short } from "./words";

type Passing = { ref: string; until: Date; mark: Reason };

/**
 * What a confirmed break-glass does to a denial: passes it, with a mark that names it, or says why it does not any more. Null where
 * there is none, or where a reason stands that no emergency passes. Never more than the policy allows now, whatever it allowed then.
 */
export function brokenGlass(
  policy: Policy,
  inputs: GateInputs,
  reasons: readonly Reason[],
  now: Date,
): Passing | { over: Reason } | null {
  const glass = inputs.breakGlass;
  if (!glass || reasons.some((r) => r.stands)) return null;
  const longest = glass.confirmedAt.getTime() + policy.breakGlass.maximumHours * 3_600_000;
  const until = new Date(Math.min(glass.until.getTime(), longest));
  const link = `/releases/break-glass/${glass.ref}`;
  const fault = faultOf(glass, inputs) ?? endOf(glass, policy, until, now);
  if (fault)
    return {
      over: {
        code: "BREAK_GLASS_OVER",
        text: `${glass.ref} does not open the gate: ${fault}`,
        unblock: "clear the reasons below in the usual way, or break the glass again with a second person",
        by: { roles: ["contributor"] },
        link,
      },
    };
  return {
    ref: glass.ref,
    until,
    mark: {
      code: "BREAK_GLASS",
      text: `${glass.ref} passes ${reasons.length === 1 ? "one reason" : `${reasons.length} reasons`} until ${sayMinute(until)}: ${glass.requesterName} asked and ${glass.confirmerName} confirmed with a key of their own.`,
      unblock: "look at it afterwards; neither of the two can",
      by: { roles: roles.filter((role) => rightsOf[role].includes("releases:break_glass")) },
      link,
    },
  };
}

/** Why it never counted for what is asked. Commands refuse all of this; the gate believes no row. */
function faultOf(glass: BreakGlassInput, { asked, version, release, demo }: GateInputs): string | null {
  if (glass.digest !== version?.digest)
    return `it was for the artefact ${short(glass.digest)}, and the version is now ${short(version?.digest ?? null)}.`;
  if (glass.environment !== asked.environment) return `it was for ${glass.environment}.`;
  if ([glass.requestedBy, release?.requestedBy, release?.trainedById].includes(glass.confirmedBy))
    return "whoever confirmed it has a part in the release.";
  if (glass.keyKind === "software" && !demo)
    return "it was confirmed with a software key, which counts in the demo only.";
  return null;
}

function endOf(glass: BreakGlassInput, policy: Policy, until: Date, now: Date): string | null {
  if (glass.endedAt && glass.endedAt <= now) return `it was ended early, on ${sayMinute(glass.endedAt)}.`;
  if (policy.breakGlass.maximumHours === 0) return "the policy knows no break-glass.";
  if (until <= now) return `its time ended on ${sayMinute(until)}.`;
  return glass.confirmedAt > now ? "it was confirmed later than this." : null;
}
