import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { instantText, modelKey } from "@/lib/models/inputs";

export const interventions = ["rollback", "hotfix", "disable", "traffic_shift", "none"] as const;
export type Intervention = (typeof interventions)[number];

export const reportInput = z.strictObject({
  model: modelKey,
  title: z.string().trim().min(5, "Say in a few words what went wrong.").max(200, "At most 200 characters."),
  severity: whole(z.number("1 (worst) to 4.").int().min(1, "1 (worst) to 4.").max(4, "1 (worst) to 4.")),
  startedAt: instantText,
  resolvedAt: instantText.optional(),
  cause: z.string().max(4000, "At most 4000 characters.").default(""),
  intervention: z.enum(interventions).default("none"),
  /** The deployment that caused it, when a change did. */
  deployment: z.uuid("The id of a deployment.").optional(),
  /** Where another system tells of it: that system, and what it calls the incident. The same one told twice is one. */
  external: z
    .strictObject({
      source: z.string().trim().min(1, "Name the system.").max(1000, "At most 1000 characters."),
      id: z.string().trim().min(1, "Give its id there.").max(500, "At most 500 characters."),
    })
    .optional(),
});

export const resolveInput = z.strictObject({
  ref: z.string().regex(/^INC-\d+$/, "A reference as in INC-0001."),
  resolvedAt: instantText,
  cause: z.string().max(4000, "At most 4000 characters.").optional(),
  intervention: z.enum(interventions).optional(),
  deployment: z.uuid("The id of a deployment.").optional(),
});

/** Whether the actor may report or resolve an incident of a model in this unit. */
export const mayReport = (actor: Actor, unitId: string | null): Verdict =>
  holds(actor, "incidents:report", unitId)
    ? yes
    : no("forbidden", "Reporting incidents needs the role model owner, architect or security, or a service token.");
