import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Columns of the file that are read, in the words of the export's header. */
export const importColumns = [
  "name",
  "description",
  "business_unit",
  "owner",
  "backup_owner",
  "team",
  "kind",
  "method",
  "serving",
  "platform",
  "stage",
  "use_case",
  "source_url",
  "distinct_because",
] as const;
export type ImportColumn = (typeof importColumns)[number];

/** Columns that the export has and an import passes over: the portal works them out itself. */
export const derivedColumns = [
  "line",
  "reason",
  "business_unit_name",
  "owner_name",
  "tier",
  "tier_driver",
  "legal_class",
  "source",
  "readiness_pass",
  "readiness_fail",
  "readiness_unknown",
  "readiness_waived",
  "readiness_total",
  "last_release",
  "gate",
  "gate_reasons",
  "vanished",
] as const;

export const fates = ["create", "update", "unchanged", "refused"] as const;
export type Fate = (typeof fates)[number];

export const fateName: Record<Fate, string> = {
  create: "Create",
  update: "Update",
  unchanged: "Unchanged",
  refused: "Refused",
};

/** What would become of one row: what changes from what to what, or which column is wrong and how to mend it. */
export type RowFate = {
  line: number;
  name: string;
  fate: Fate;
  changes: readonly { column: ImportColumn; from: string; to: string }[];
  faults: readonly { column: string; message: string }[];
};

export const maxImportBytes = 20 * 1024 * 1024;
export const maxImportRows = 20_000;
/** Rows of a dry run that a page or answer shows at once. */
export const rowsShown = 200;

export const importKey = z.uuid("An import's id, as the dry run answered it.");

export const importRowsInput = z.strictObject({
  import: importKey,
  fate: z.enum(fates).optional(),
  /** Line of the last row of the page before. */
  after: z.coerce.number().int().min(0).max(10_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(rowsShown).default(rowsShown),
});

/** Whether the actor may bring models in from a file; each row is asked again for its own business unit. */
export function mayImport(actor: Actor): Verdict {
  if (actor.kind !== "person" && actor.kind !== "service")
    return no("forbidden", "Files are imported by people, or by a service that a person set up.");
  return holds(actor, "inventory:write")
    ? yes
    : no("forbidden", "Importing models needs the role model owner, architect or administrator.");
}

/** Whether the actor may carry out a dry run: whoever made it. */
export function mayApply(actor: Actor, made: { createdBy: string }): Verdict {
  const verdict = mayImport(actor);
  if (!verdict.ok) return verdict;
  return actor.id === made.createdBy
    ? yes
    : no("forbidden", "Only who made this dry run carries it out. Upload the file yourself.");
}
