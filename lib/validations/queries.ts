import "server-only";
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { z } from "zod";
import { dataValidations } from "@/db/schema/validations";
import { query } from "@/lib/core/query";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";

/** What the suites of a model last found, those that are still run. */
export const validationList = query({
  name: "validation.listed",
  title: "List what validations of a model's data found",
  http: { method: "GET", path: "/models/{name}/validations" },
  input: z.strictObject({
    name: modelKey,
    /** `id` of the last one on the page before. */
    after: z.uuid("Use the cursor that the page before gave.").optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const rows = await read
      .select()
      .from(dataValidations)
      .where(
        and(
          eq(dataValidations.modelId, model.id),
          isNull(dataValidations.retiredAt),
          input.after ? gt(dataValidations.id, input.after) : undefined,
        ),
      )
      .orderBy(asc(dataValidations.id))
      .limit(input.limit);
    return {
      validations: rows.map(({ modelId: _, retiredAt: __, ...v }) => v),
      next: rows.length === input.limit ? (rows.at(-1)?.id ?? null) : null,
    };
  },
});
