import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Who sits on the board and when it meets is everyone's to know who may read reviews. */
export const mayReadBoard = (actor: Actor): Verdict =>
  holds(actor, "reviews:read") ? yes : no("forbidden", "Reading about the board needs the right reviews:read.");
