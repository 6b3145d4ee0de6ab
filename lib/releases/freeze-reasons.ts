import { rightsOf, roles } from "@/lib/core/rights";
import { sayIn } from "@/lib/freezes/freeze";
import type { FreezeInput, GateInputs, Reason } from "./gate-inputs";
import type { UpcomingReason } from "./release";

const keepers = { roles: roles.filter((role) => rightsOf[role].includes("releases:freeze")) };
const link = "/releases/freezes";
const inForce = (f: FreezeInput, now: Date) => f.startsAt <= now && now < f.endsAt;
const what = (f: FreezeInput, { asked }: GateInputs) =>
  `Releases ${f.unit ? `of ${f.unit} ` : ""}to ${asked.environment === "prod" ? "production" : asked.environment}`;

/** Freezes that hold now: each a reason, or, where somebody exempted this release, a mark that says who and why. */
export function freezeReasons(inputs: GateInputs, now: Date): { blocking: Reason[]; marks: Reason[] } {
  const holding = inputs.freezes.filter((f) => inForce(f, now));
  const unblock = "exempt this release with a reason, or lift the freeze";
  return {
    blocking: holding
      .filter((f) => !f.exempted)
      .map((f) => ({
        code: "RELEASE_FROZEN",
        text: `${what(f, inputs)} are frozen until ${sayIn(f.endsAt, f.timeZone)}: ${f.reason} (${f.ref}).`,
        unblock,
        by: keepers,
        link,
      })),
    marks: holding.flatMap((f) =>
      f.exempted
        ? [
            {
              code: "FREEZE_EXEMPTED",
              text: `${f.exempted.by} exempted this release from ${f.ref}: ${f.exempted.reason}`,
              unblock: "nothing to do",
              by: keepers,
              link,
            },
          ]
        : [],
    ),
  };
}

/** Freezes that are coming and from which this release is not exempted. */
export const freezesComing = (inputs: GateInputs, now: Date): UpcomingReason[] =>
  inputs.freezes
    .filter((f) => f.startsAt > now && !f.exempted)
    .map((f) => ({
      on: sayIn(f.startsAt, f.timeZone).slice(0, 10),
      code: "RELEASE_FROZEN",
      text: `${what(f, inputs)} freeze at ${sayIn(f.startsAt, f.timeZone)}, until ${sayIn(f.endsAt, f.timeZone)}: ${f.reason} (${f.ref}).`,
      link,
    }));
