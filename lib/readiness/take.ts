import "server-only";
import { z } from "zod";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { takeAssessment } from "./assess";
import { type Counts, mayAssess } from "./readiness";
import { modelSubject } from "./subject";

type Checked = { model: string; digest: string; counts: Counts; changed: boolean };

export const checkReadiness = command({
  name: "readiness.assessed",
  title: "Check a model's readiness again",
  http: { method: "POST", path: "/models/{name}/readiness" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  load: (tx, { name }, actor) => modelSubject(tx, name, actor),
  may: mayAssess,
  run: async (tx, { subject: model, now }): Promise<Done<Checked> | Unchanged<Checked>> => {
    const { digest, counts, checklist, changed } = await takeAssessment(tx, model.id, null, now);
    const result = { model: model.name, digest, counts, changed };
    if (!changed) return { unchanged: result };
    const missing = counts.fail + counts.unknown;
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `checked the readiness of ${model.name}: ${counts.pass + counts.waived} of ${counts.total}${missing > 0 ? `, ${missing} missing` : ""}`,
        body: { model: model.name, digest, counts, checklist },
      },
    };
  },
});
