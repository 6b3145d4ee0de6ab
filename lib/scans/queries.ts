import "server-only";
import { and, asc, eq, gt, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { securityFindings } from "@/db/schema/scans";
import { query } from "@/lib/core/query";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { severities } from "./scan";

/** What scanners found about a model, in the order it was first found. */
export const findingList = query({
  name: "scan.findings.listed",
  title: "List what scanners found about a model",
  http: { method: "GET", path: "/models/{name}/findings" },
  input: z.strictObject({
    name: modelKey,
    state: z.enum(["open", "closed"], "open or closed.").default("open"),
    severity: z.enum(severities, `One of ${severities.join(", ")}.`).optional(),
    /** `id` of the last one on the page before. */
    after: z.uuid("Use the cursor that the page before gave.").optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const rows = await read
      .select()
      .from(securityFindings)
      .where(
        and(
          eq(securityFindings.modelId, model.id),
          input.state === "open" ? isNull(securityFindings.closedAt) : isNotNull(securityFindings.closedAt),
          input.severity ? eq(securityFindings.severity, input.severity) : undefined,
          input.after ? gt(securityFindings.id, input.after) : undefined,
        ),
      )
      .orderBy(asc(securityFindings.id))
      .limit(input.limit);
    return {
      findings: rows.map(({ modelId: _, ...f }) => f),
      next: rows.length === input.limit ? (rows.at(-1)?.id ?? null) : null,
    };
  },
});
