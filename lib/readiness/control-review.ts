import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** What a review of an item that many waive comes to. */
export const conclusions = ["kept", "changed", "withdrawn"] as const;
export type Conclusion = (typeof conclusions)[number];

export const conclusionName: Record<Conclusion, string> = {
  kept: "The item stays as it is",
  changed: "The item is changed in the next version",
  withdrawn: "The item is taken out in the next version",
};

const many = 5;
const share = 0.1;
/** One waiver among few models is no pattern. */
const least = 2;

/** Whether an item is waived so often that the item itself is looked at: by more than 5 models, or more than 10 % of those it is asked of. */
export const waivedOften = (waivers: number, models: number): boolean =>
  waivers > many || (waivers >= least && waivers > models * share);

export function mayConclude(actor: Actor): Verdict {
  return actor.kind === "person" && (holds(actor, "patterns:manage") || holds(actor, "readiness:waive"))
    ? yes
    : no("forbidden", "Architects and whoever accepts risks conclude a review of an item. Ask one of them.");
}
