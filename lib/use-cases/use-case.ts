import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { type LegalClass, legalClasses } from "@/lib/models/model";

/** Vocabulary of AI use cases: the purposes that models serve. */
export const useCaseStatuses = ["idea", "building", "live", "retired"] as const;
export type UseCaseStatus = (typeof useCaseStatuses)[number];

export const useCaseStatusName: Record<UseCaseStatus, string> = {
  idea: "Idea",
  building: "Building",
  live: "Live",
  retired: "Retired",
};

/** What the expected value is made of. */
export const valueKinds = ["revenue", "cost_saving", "loss_avoided", "risk_reduction", "other"] as const;
export type ValueKind = (typeof valueKinds)[number];

export const valueKindName: Record<ValueKind, string> = {
  revenue: "Revenue",
  cost_saving: "Cost saved",
  loss_avoided: "Loss avoided",
  risk_reduction: "Risk reduced",
  other: "Other",
};

/** What the organisation is to the AI system (EU AI Act, Art. 3(3) to 3(8)). */
export const euRoles = ["provider", "deployer", "provider_and_deployer", "importer", "distributor"] as const;
export type EuRole = (typeof euRoles)[number];

export const euRoleName: Record<EuRole, string> = {
  provider: "Provider",
  deployer: "Deployer",
  provider_and_deployer: "Provider and deployer",
  importer: "Importer",
  distributor: "Distributor",
};

const name = z.string().trim().min(3, "At least 3 characters.").max(120, "At most 120 characters.");
const problem = z.string().trim().min(10, "Say in a sentence what it is for.").max(4000, "At most 4000 characters.");
const sponsor = z.string().trim().min(2, "Name who pays for it.").max(120, "At most 120 characters.");

/** Expected value a year: a decimal amount, the currency (ISO 4217) and what it is made of. */
const value = z.strictObject({
  amount: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,11}(\.\d{1,2})?$/, "An amount such as 250000 or 250000.50.")),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "A currency of three capital letters, such as EUR.")
    .default("EUR"),
  kind: z.enum(valueKinds, "Choose what the value is made of."),
});

const unit = z.string().min(1, "Choose a business unit.").max(120);
const person = z.string().min(3, "Name a person by e-mail address.").max(254);
const euRole = z.enum(euRoles, "Choose a role.");
const legalClass = z.enum(legalClasses, "Choose a class.");

export const useCaseInput = z.strictObject({
  name,
  problem,
  sponsor,
  /** Left out while nobody estimated it. */
  value: value.optional(),
  status: z.enum(useCaseStatuses).exclude(["retired"]).default("idea"),
  businessUnit: unit,
  /** Who answers for it; left out: the person who enters it. */
  owner: person.optional(),
  euRole: euRole.optional(),
  legalClass: legalClass.optional(),
});

/** A use case: reference (UC-0001), name or id. */
export const useCaseKey = z.string().min(1, "Name the use case.").max(120);

export const useCaseEdit = z.strictObject({
  useCase: useCaseKey,
  /** The revision that was read; the edit is refused if someone changed the use case since. */
  revision: whole(z.number().int().min(1).max(1_000_000_000)),
  name: name.optional(),
  problem: problem.optional(),
  sponsor: sponsor.optional(),
  value: value.nullable().optional(),
  status: z.enum(useCaseStatuses).optional(),
  businessUnit: unit.optional(),
  owner: person.nullable().optional(),
  euRole: euRole.nullable().optional(),
  legalClass: legalClass.nullable().optional(),
});

/** A use case as lists and forms show it. Null is "nobody said yet". */
export type UseCaseRow = {
  id: string;
  ref: string;
  name: string;
  problem: string;
  sponsor: string;
  valueAmount: string | null;
  valueCurrency: string | null;
  valueKind: ValueKind | null;
  valueEur: string | null;
  status: UseCaseStatus;
  euRole: EuRole | null;
  legalClass: LegalClass | null;
  owner: { id: string; name: string; email: string } | null;
  businessUnitId: string;
  unit: string;
  unitName: string;
  models: number;
  live: number;
  revision: number;
};

/** What a rule needs to know of a use case. */
export type UseCaseSubject = { ref: string; businessUnitId: string };

/** Whether the actor may change a use case, or say which models serve it. */
export function mayEditUseCase(actor: Actor, useCase: UseCaseSubject): Verdict {
  if (!holds(actor, "inventory:write"))
    return no("forbidden", "Editing a use case needs the role model owner, architect or administrator.");
  return holds(actor, "inventory:write", useCase.businessUnitId)
    ? yes
    : no("forbidden", "This use case belongs to another business unit. Ask someone with a role there.");
}

/** An amount of money as a person reads it: €38,000,000, or CHF 1,250.50. */
export function money(amount: string, currency: string): string {
  const [units = "0", cents = ""] = amount.split(".");
  const grouped = units.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = /^0*$/.test(cents) ? grouped : `${grouped}.${cents.padEnd(2, "0")}`;
  return currency === "EUR" ? `€${text}` : `${currency} ${text}`;
}
