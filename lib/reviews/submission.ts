import { z } from "zod";
import { sayDay } from "@/lib/core/say-day";
import { day } from "@/lib/core/when";
import {
  type Column,
  type ListId,
  lists,
  type PartId,
  parts,
  type SectionId,
  sections,
  sectionTitle,
  type TextId,
} from "./sections";

export const changeTypes = ["new_model", "material_change", "new_supplier", "new_use", "retirement"] as const;
export const changeTypeName: Record<(typeof changeTypes)[number], string> = {
  new_model: "New model",
  material_change: "Material change",
  new_supplier: "New supplier",
  new_use: "New use",
  retirement: "Retirement",
};

export const mostText = 20_000;
const Text = z.string().max(mostText, "Use at most 20,000 characters; attach what is longer.");
export const mostPart = 4000;
const PartText = z.string().max(mostPart, "Use at most 4,000 characters; the text of the section holds more.");
export const mostRows = 40;

/** A column that came later is left out of rows that were written before. */
const cell = (column: Column) => {
  const text = z.string().max(column.most, `Use at most ${column.most} characters.`);
  return column.optional ? text.optional() : text.default("");
};

/** A row that is being written may lack any column; what is missing keeps it from being submitted. */
const listOf = (id: ListId) => {
  const columns = lists.find((l) => l.id === id)?.columns ?? [];
  const row = z.strictObject(Object.fromEntries(columns.map((c) => [c.id, cell(c).describe(c.prompt)])));
  return z.array(row).max(mostRows, `At most ${mostRows} rows.`).optional();
};

export const maxAttachments = 50;
/** Models beside the first, and patterns beside those adopted, that one submission may name. */
export const maxFurther = 20;
export const Attachment = z.strictObject({
  name: z.string().trim().min(1, "Name the file.").max(255, "At most 255 characters."),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 digest has 64 hexadecimal digits."),
  /** Bytes and type as the store of evidence has them; it fills them in. */
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  mediaType: z.string().max(200).optional(),
});
export type Attachment = z.output<typeof Attachment>;

const textIds = [...sections.map((s) => s.id), ...parts.map((p) => p.id)] as [TextId, ...TextId[]];

/**
 * A draft: anything may be missing, nothing may be of the wrong kind. Fields are only ever added, so that what was submitted
 * before they were there still reads: its bytes are fixed.
 */
export const Submission = z.strictObject({
  ...(Object.fromEntries(sections.map((s) => [s.id, Text.optional().describe(s.prompt)])) as Record<
    SectionId,
    z.ZodOptional<typeof Text>
  >),
  ...(Object.fromEntries(parts.map((p) => [p.id, PartText.optional().describe(p.prompt)])) as Record<
    PartId,
    z.ZodOptional<typeof PartText>
  >),
  ...(Object.fromEntries(lists.map((l) => [l.id, listOf(l.id).describe(l.title)])) as Record<
    ListId,
    ReturnType<typeof listOf>
  >),
  changeType: z.enum(changeTypes).optional(),
  system: z
    .string()
    .trim()
    .max(200, "Use at most 200 characters.")
    .optional()
    .describe("The system that it is part of"),
  sponsor: z.string().trim().max(200, "Use at most 200 characters.").optional(),
  targetDate: day().optional(),
  /** Answers that triage reads. Missing is not no. */
  newDataClass: z
    .boolean()
    .optional()
    .describe("Does it use a class of data that this kind of system has not used here before?"),
  newVendor: z.boolean().optional().describe("Does it bring in a supplier that is new to us?"),
  newRegion: z.boolean().optional().describe("Does it store or process data in a region that is new to us?"),
  newPattern: z
    .boolean()
    .optional()
    .describe("Does it introduce an architecture that no reference architecture covers?"),
  agentWriteAccess: z
    .boolean()
    .optional()
    .describe("Can it act on other systems by itself (an agent with write access)?"),
  crossUnit: z.boolean().optional().describe("Do other business units depend on it?"),
  irreversible: z.boolean().optional().describe("Is it a one-way door: can the step not be undone at reasonable cost?"),
  mandatoryDeviation: z.boolean().optional().describe("Does it depart from a mandatory control?"),
  emergency: z.boolean().optional().describe("Is this to end an active severity-1 incident or to meet a legal duty?"),
  emergencyReason: z.string().trim().max(2000).optional(),
  models: z
    .array(z.string().trim().min(1).max(255))
    .max(maxFurther, `At most ${maxFurther} further models.`)
    .optional()
    .describe("Names of further models that the same decision is asked for"),
  patterns: z
    .array(z.string().trim().min(1).max(120))
    .max(maxFurther, `At most ${maxFurther} further reference architectures.`)
    .optional()
    .describe("Ids of reference architectures that the design follows beside those that its models have adopted"),
  apart: z
    .string()
    .trim()
    .max(2000, "Use at most 2,000 characters.")
    .optional()
    .describe("Why it does not join what it overlaps with (GET /models/{model}/overlap)"),
  attachments: z.array(Attachment).max(maxAttachments, `At most ${maxAttachments} files.`).optional(),
  /** Fields whose text stands as the portal filled it in, each with where it came from. Typing takes a field out. */
  filled: z.partialRecord(z.enum([...textIds, "system", "sponsor"]), z.string().max(60)).optional(),
});
export type Submission = z.output<typeof Submission>;
export type FilledId = keyof NonNullable<Submission["filled"]>;

/** The yes-or-no questions of triage. */
export const questions = [
  { id: "newDataClass", text: "A class of data new to this kind of system" },
  { id: "newVendor", text: "A supplier new to us" },
  { id: "newRegion", text: "A region new to us" },
  { id: "newPattern", text: "An architecture no reference covers" },
  { id: "agentWriteAccess", text: "Acts on other systems by itself" },
  { id: "crossUnit", text: "Other business units depend on it" },
  { id: "irreversible", text: "Cannot be undone at reasonable cost" },
  { id: "mandatoryDeviation", text: "Departs from a mandatory control" },
] as const;

const blank = (text: string | undefined): boolean => (text ?? "").trim() === "";

/** A diagram kept in the text itself, as Mermaid. */
export const diagramsIn = (text: string | undefined): number =>
  (text ?? "").match(/^ {0,3}```+ *mermaid\b/gm)?.length ?? 0;

/** What a merge left between its marks; someone has to choose. */
const unmerged = (text: string | undefined): boolean => /^<{7} /m.test(text ?? "");

export type Lack = { field: string; message: string };

/** What still keeps a draft from being submitted: the field, and the sentence that says so. `asked`: how often advice was asked here. */
export function missing(submission: Submission, tier: number | null, asked = 0): Lack[] {
  const out: Lack[] = [];
  const lack = (field: string, message: string) => out.push({ field, message });
  if (tier === null) lack("tier", "The model has no tier. Answer its risk questions first.");
  if (!submission.changeType) lack("changeType", "Say what kind of change this is.");
  if (blank(submission.system)) lack("system", "Name the system that it is part of.");
  if (blank(submission.sponsor)) lack("sponsor", "Name the sponsor.");
  if (!submission.targetDate) lack("targetDate", "Say by when it is wanted.");
  for (const question of questions) {
    if (submission[question.id] === undefined) lack(question.id, `Answer yes or no: ${question.text.toLowerCase()}.`);
  }
  if (submission.emergency && (submission.emergencyReason ?? "").length < 10)
    lack("emergencyReason", "Name the incident or the legal duty that makes this an emergency.");
  for (const section of sections) {
    if (tier === 4 && !section.brief) continue;
    out.push(...sectionLacks(submission, section, asked));
  }
  return out;
}

function sectionLacks(submission: Submission, section: (typeof sections)[number], asked: number): Lack[] {
  const { id, title } = section;
  const prose = submission[id];
  const out: Lack[] = [];
  if (section.prose && blank(prose)) out.push({ field: id, message: `“${title}” is empty.` });
  if (unmerged(prose)) out.push({ field: id, message: `“${title}” holds two versions between marks; keep one.` });
  for (const part of section.parts) {
    if (!blank(submission[part.id]) || (part.id === "diagram" && diagramsIn(prose) > 0)) continue;
    out.push({ field: part.id, message: `${title}: “${part.title}” is empty.` });
  }
  const { list } = section;
  if (!list) return out;
  const rows = submission[list.id] ?? [];
  for (const [i, row] of rows.entries()) {
    const columns: readonly Column[] = list.columns;
    const empty = columns.filter((c) => !c.optional && blank(row[c.id])).map((c) => c.title.toLowerCase());
    if (empty.length > 0)
      out.push({ field: list.id, message: `${title}: ${list.row} ${i + 1} lacks ${empty.join(" and ")}.` });
  }
  if (list.id === "adviceList" && asked > 0) return out;
  // A design that departs in nothing has no deviation to list.
  if (rows.length === 0 && list.id !== "deviations" && blank(prose))
    out.push({ field: list.id, message: `“${title}” is empty.` });
  return out;
}

/** How many answers a submission of this tier takes, and how many are there. */
export function progress(
  submission: Submission,
  tier: number | null,
  asked = 0,
): { given: number; of: number; lacks: Lack[] } {
  const of = missing({}, tier).length;
  const lacks = missing(submission, tier, asked);
  return { given: Math.max(0, of - lacks.length), of: Math.max(of, lacks.length), lacks };
}

/** Fields that differ between two rounds, in page order. Where a text came from is not part of what is asked. */
export function changedFields(before: Submission, after: Submission): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Submission>;
  keys.delete("filled");
  const order: string[] = sections.flatMap((s) => [s.id, ...s.parts.map((p) => p.id), ...(s.list ? [s.list.id] : [])]);
  return [...keys]
    .filter((key) => !sameValue(before[key], after[key]))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** A value whatever the order of its keys: jsonb gives them back in its own. */
const plain = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, v: unknown) =>
    typeof v === "object" && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );

export const sameValue = (a: unknown, b: unknown): boolean => plain(a) === plain(b);

/** A field as text, to be read and compared: rows of a list one after the other. */
export function fieldText(submission: Submission, field: string): string {
  const value = new Map<string, unknown>(Object.entries(submission)).get(field);
  if (value === undefined || value === null) return "";
  if (field === "changeType") return submission.changeType ? changeTypeName[submission.changeType] : "";
  if (field === "targetDate") return submission.targetDate ? sayDay(submission.targetDate) : "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (field === "models" || field === "patterns") return (submission[field] ?? []).join("\n");
  if (field === "attachments")
    return (submission.attachments ?? []).map((a) => `${a.name}, sha256:${a.sha256}`).join("\n");
  const list = lists.find((l) => l.id === field);
  if (!list) return JSON.stringify(value, null, 2);
  return (submission[list.id] ?? [])
    .map((row) =>
      list.columns
        .filter((c) => !c.optional || !blank(row[c.id]))
        .map((c) => `${c.title}: ${row[c.id] ?? ""}`)
        .join("\n"),
    )
    .join("\n\n");
}

/** The heading of any field of a submission. */
export const fieldTitle = (field: string): string => questions.find((q) => q.id === field)?.text ?? sectionTitle(field);
