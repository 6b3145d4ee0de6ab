import { z } from "zod";

/** Vocabulary of AI use cases: the purposes that models serve. */
export const useCaseStatuses = ["idea", "building", "live", "retired"] as const;
export type UseCaseStatus = (typeof useCaseStatuses)[number];

export const useCaseStatusName: Record<UseCaseStatus, string> = {
  idea: "Idea",
  building: "Building",
  live: "Live",
  retired: "Retired",
};

export const useCaseInput = z.strictObject({
  name: z.string().trim().min(3, "At least 3 characters.").max(120, "At most 120 characters."),
  problem: z.string().trim().min(10, "Say in a sentence what it is for.").max(4000, "At most 4000 characters."),
  sponsor: z.string().trim().min(2, "Name who pays for it.").max(120, "At most 120 characters."),
  /** Expected value a year in EUR, as a decimal number; left out while nobody estimated it. */
  valueEur: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,11}(\.\d{1,2})?$/, "An amount such as 250000 or 250000.50."))
    .optional(),
  status: z.enum(useCaseStatuses).default("idea"),
  businessUnit: z.string().min(1, "Choose a business unit.").max(120),
});
