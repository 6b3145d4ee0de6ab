import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { usualGlobs } from "./glob";

/** A source is read again this often. Minutes. */
export const sourceEveryMinutes = 15;
/** A source whose last complete reading is older than this is shown as stale. Minutes. */
export const sourceStaleAfter = 24 * 60;

const Globs = z
  .array(
    z
      .string()
      .trim()
      .max(200)
      .regex(/^[^/\\][^\\]*$/, "Give patterns relative to the root, as docs/adr/*.md."),
  )
  .min(1)
  .max(50);

export const NewSource = z.strictObject({
  kind: z.enum(["git", "folder"]),
  name: z.string().trim().min(1).max(120),
  address: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .describe("URL of the repository, https as a rule; for a folder its path on the portal's machine"),
  branch: z
    .string()
    .trim()
    .max(200)
    .regex(/^(?![-/.])[\w./-]+$/, "Give the name of a branch.")
    .optional()
    .describe("Branch of the repository; the default branch if left out"),
  globs: Globs.default([...usualGlobs]).describe("Which files, relative to the root"),
  model: z.string().trim().min(1).max(255).optional().describe("Name or id of the model that all of them are about"),
});
export type NewSource = z.output<typeof NewSource>;
export const OneSource = z.strictObject({ id: z.uuid() });
export const ListSources = z.strictObject({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A source makes the portal read from elsewhere, so it takes who keeps the decisions, or who configures the portal. */
export function mayManageSources(actor: Actor, unitId: string | null): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person can add or end a source of decisions.");
  if (holds(actor, "decisions:accept", unitId) || holds(actor, "connections:manage", unitId)) return yes;
  return no("forbidden", "Only an ML architect, the chair or an administrator can manage sources of decisions.");
}
