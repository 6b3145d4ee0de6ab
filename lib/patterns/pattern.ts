import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

export const AdoptPattern = z.strictObject({
  name: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
  pattern: z.string().trim().min(1, "Choose a reference architecture.").max(120, "At most 120 characters."),
  /** The newest version if left out. */
  version: z.number().int("Give a whole number.").min(1).max(10_000).optional(),
  /** Where the model departs from it; empty for full conformance. */
  deviations: z.string().trim().max(8000, "At most 8000 characters.").default(""),
});

type Subject = { name: string; businessUnitId: string | null; ownerId: string | null; backupOwnerId: string | null };

export function mayAdopt(actor: Actor, model: Subject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people choose an architecture.");
  if (!model.ownerId) return no("conflict", `${model.name} has no owner yet. Claim it first.`);
  const owns = actor.id === model.ownerId || actor.id === model.backupOwnerId;
  if (holds(actor, "patterns:adopt", model.businessUnitId) || (owns && holds(actor, "patterns:adopt"))) return yes;
  return no(
    "forbidden",
    "Only the model's owner or a contributor of its business unit chooses its architecture. Ask the owner.",
  );
}
