import { z } from "zod";
import { day } from "@/lib/core/when";

/**
 * What the board reads (governance.md section 6.3). Tier 4 needs `brief` sections only; `prompt` is what the form asks.
 * The order is the order on the page.
 */
export const sections = [
  {
    id: "asks",
    title: "What we ask",
    brief: true,
    prompt: "What should the board approve: which versions, where, for how long?",
  },
  {
    id: "problem",
    title: "Problem and users",
    brief: true,
    prompt: "The problem, who uses the result, which decision it supports, and the measure of benefit.",
  },
  {
    id: "risk",
    title: "Risk and legal class",
    brief: true,
    prompt: "What drives the tier, which legal class applies and why.",
  },
  {
    id: "architecture",
    title: "Architecture",
    brief: true,
    prompt: "The reference architecture followed, a diagram, and each deviation with its reason.",
  },
  {
    id: "data",
    title: "Data",
    brief: true,
    prompt: "Sources, classes, where it lives, rights to use it, how long it is kept.",
  },
  {
    id: "model",
    title: "Model and evaluation",
    brief: false,
    prompt: "Method, base model and licence, training plan, evaluation plan with thresholds set before the test.",
  },
  {
    id: "serving",
    title: "Serving and failure",
    brief: false,
    prompt: "Serving type, service levels, load, and what happens when it fails or is wrong.",
  },
  {
    id: "oversight",
    title: "Human oversight",
    brief: false,
    prompt: "Who watches it, who can stop or overrule it, and how.",
  },
  {
    id: "security",
    title: "Security",
    brief: false,
    prompt: "Threats, hostile input, access to data and weights, and what was tested.",
  },
  {
    id: "thirdParties",
    title: "Third parties and exit",
    brief: false,
    prompt: "Suppliers, what they receive, and how we would leave.",
  },
  { id: "cost", title: "Cost", brief: false, prompt: "Estimate, unit cost, and who owns the budget." },
  {
    id: "options",
    title: "Options rejected",
    brief: false,
    prompt: "What else was considered and why it was not chosen.",
  },
  { id: "risks", title: "Risks", brief: false, prompt: "Each risk with its owner and its treatment." },
  {
    id: "advice",
    title: "Advice sought",
    brief: false,
    prompt: "Whom you asked, what they said, and what you did with it.",
  },
  {
    id: "rollback",
    title: "Rollback",
    brief: false,
    prompt: "How to go back, how long it takes, and whether it was tried.",
  },
  {
    id: "retirement",
    title: "Retirement",
    brief: false,
    prompt: "When and how it ends, and what becomes of data and decisions.",
  },
] as const;
export type SectionId = (typeof sections)[number]["id"];
export const sectionIds = sections.map((s) => s.id) as unknown as readonly [SectionId, ...SectionId[]];
export const sectionTitle = (id: string): string => sections.find((s) => s.id === id)?.title ?? id;

export const changeTypes = ["new_model", "material_change", "new_supplier", "new_use", "retirement"] as const;
export const changeTypeName: Record<(typeof changeTypes)[number], string> = {
  new_model: "New model",
  material_change: "Material change",
  new_supplier: "New supplier",
  new_use: "New use",
  retirement: "Retirement",
};

const Text = z.string().max(20_000, "Use at most 20,000 characters; attach what is longer.");

/** A draft: anything may be missing, nothing may be of the wrong kind. */
export const Submission = z.strictObject({
  ...(Object.fromEntries(sections.map((s) => [s.id, Text.optional().describe(s.prompt)])) as Record<
    SectionId,
    z.ZodOptional<typeof Text>
  >),
  changeType: z.enum(changeTypes).optional(),
  sponsor: z.string().trim().max(200).optional(),
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
  attachments: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(255),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 digest has 64 hexadecimal digits."),
      }),
    )
    .max(50)
    .optional(),
});
export type Submission = z.output<typeof Submission>;

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

/** What still keeps a draft from being submitted: the field, and the sentence that says so. */
export function missing(submission: Submission, tier: number | null): { field: string; message: string }[] {
  const out: { field: string; message: string }[] = [];
  if (tier === null) out.push({ field: "tier", message: "The model has no tier. Answer its risk questions first." });
  if (!submission.changeType) out.push({ field: "changeType", message: "Say what kind of change this is." });
  for (const section of sections) {
    if (tier === 4 && !section.brief) continue;
    if ((submission[section.id] ?? "").trim() === "")
      out.push({ field: section.id, message: `“${section.title}” is empty.` });
  }
  for (const question of questions) {
    if (submission[question.id] === undefined)
      out.push({ field: question.id, message: `Answer yes or no: ${question.text.toLowerCase()}.` });
  }
  if (tier !== 4 && !submission.sponsor) out.push({ field: "sponsor", message: "Name the sponsor." });
  if (submission.emergency && (submission.emergencyReason ?? "").length < 10)
    out.push({
      field: "emergencyReason",
      message: "Name the incident or the legal duty that makes this an emergency.",
    });
  return out;
}

/** Sections whose text differs between two rounds, in page order. */
export function changedFields(before: Submission, after: Submission): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Submission>;
  const order = [...sections.map((s) => s.id as string)];
  return [...keys]
    .filter((key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
