import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { legalClasses } from "@/lib/models/model";

const answer = z
  .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.null()])
  .describe("0 to 4 as in the questionnaire; null for don't know, which counts as 4.");

const strict = { error: "Answer with 0 to 4, or null if you do not know." };

export const AssessRisk = z
  .strictObject({
    name: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
    answers: z.strictObject(
      {
        Q1: answer,
        Q2: answer,
        Q3: answer,
        Q4: answer,
        Q5: answer,
        Q6: answer,
        Q7: answer,
        Q8: answer,
        Q9: answer,
        Q10: answer,
        Q11: answer,
        Q12: answer,
      },
      strict,
    ),
    legalClass: z.enum(legalClasses, "Choose the class under the EU AI Act."),
    legal: z
      .strictObject({
        /** Art. 50: the system talks to people or makes content. */
        transparency: z.boolean().optional(),
        gpaiModel: z.boolean().optional(),
        profilesPeople: z.boolean().optional(),
        annexArea: z
          .number()
          .int()
          .min(1, "Annex III has areas 1 to 8.")
          .max(8, "Annex III has areas 1 to 8.")
          .optional(),
        ground: z.enum(["a", "b", "c", "d"], "Choose the ground of Art. 6(3), a to d.").optional(),
        reason: z.string().trim().max(4000, "At most 4000 characters.").optional(),
      })
      .default({}),
  })
  .superRefine(({ legalClass, legal }, ctx) => {
    const fault = (field: string, message: string) => ctx.addIssue({ code: "custom", path: ["legal", field], message });
    if ((legalClass === "high_risk_annex_iii" || legalClass === "annex_iii_not_high_risk") && !legal.annexArea)
      fault("annexArea", "Name the area of Annex III that it falls under.");
    if (legalClass === "annex_iii_not_high_risk") {
      if (legal.profilesPeople)
        fault("profilesPeople", "A system that profiles people is always high-risk. Choose high risk, Annex III.");
      if (!legal.ground) fault("ground", "Choose the ground of Art. 6(3) on which it is not high-risk.");
      if ((legal.reason ?? "").length < 20) fault("reason", "Write the case for it in at least 20 characters.");
    }
  });

type Subject = { name: string; businessUnitId: string | null; ownerId: string | null; backupOwnerId: string | null };

/** Owner or backup of the model, or a contributor of its unit. */
export function mayAssessRisk(actor: Actor, model: Subject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people answer the risk questions.");
  if (!model.ownerId) return no("conflict", `${model.name} has no owner yet. Claim it first.`);
  const owns = actor.id === model.ownerId || actor.id === model.backupOwnerId;
  if ((owns && holds(actor, "risk:assess")) || holds(actor, "risk:assess", model.businessUnitId)) return yes;
  return no(
    "forbidden",
    "Only the model's owner, its backup or a contributor of its business unit answers. Ask the owner.",
  );
}
