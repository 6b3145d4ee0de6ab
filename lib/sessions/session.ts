import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

export type Method = "oidc" | "persona";

/** One ends one's own sessions; an administrator ends anyone's. */
export function mayEndSessions(actor: Actor, person: { id: string }): Verdict {
  if (actor.kind === "system" || (actor.kind === "person" && actor.id === person.id) || holds(actor, "people:manage"))
    return yes;
  return no("forbidden", "You can end your own sessions only. Ask an administrator.");
}
