import { type Actor, holds } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";

/** Guidance is for everybody who has a role. */
export const mustSee = (actor: Actor): void => {
  if (!holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "You need a role to read guidance. Ask an administrator for one.");
};
