import "server-only";
import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { facts } from "@/db/schema/facts";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findModel, findVersion } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { factKey, nearestKey } from "./catalogue";

/** Every value that a fact had, as it was recorded, newest first: those in force, those superseded, and those that came late. */
export const factHistory = query({
  name: "models.facts.history",
  title: "Read the history of a fact",
  http: { method: "GET", path: "/models/{name}/facts/history" },
  input: z.strictObject({
    name: modelKey,
    key: z.string().trim().min(1, "Give a key of the catalogue.").max(120, "At most 120 characters."),
    /** Left out: of the model itself. */
    version: z.string().trim().min(1).max(250, "At most 250 characters.").optional(),
    /** `id` of the last one on the page before. */
    after: z.uuid("Use the cursor that the page before gave.").optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const known = factKey(input.key);
    if (!known) {
      const nearest = nearestKey(input.key);
      throw new Refusal(
        "invalid",
        `There is no fact "${input.key}" in the catalogue.${nearest ? ` Did you mean "${nearest}"?` : ""}`,
        [{ field: "key", message: "Not in the catalogue." }],
      );
    }
    const version = input.version ? await findVersion(read, model, input.version) : null;
    const rows = await read
      .select()
      .from(facts)
      .where(
        and(
          eq(facts.subjectId, version?.id ?? model.id),
          eq(facts.key, known.key),
          input.after
            ? sql`(${facts.recordedAt}, ${facts.id}) < (select f.recorded_at, f.id from fact f where f.id = ${input.after})`
            : undefined,
        ),
      )
      .orderBy(desc(facts.recordedAt), desc(facts.id))
      .limit(input.limit);
    return {
      model: model.name,
      version: version?.version ?? null,
      ...known,
      items: rows.map((r) => ({
        id: r.id,
        value: r.value,
        effectiveAt: r.effectiveAt,
        /** The latest time in the world at which the same value was seen again. */
        confirmedAt: r.confirmedAt,
        collectedAt: r.collectedAt,
        recordedAt: r.recordedAt,
        /** In force, replaced by a newer one, or never in force because it came late. */
        state:
          r.supersededAt === null
            ? ("current" as const)
            : r.supersededAt.getTime() === r.recordedAt.getTime()
              ? ("late" as const)
              : ("superseded" as const),
        supersededAt: r.supersededAt,
        source: { kind: r.sourceKind, id: r.sourceId, name: r.sourceName, runRef: r.runRef },
        detail: r.detail,
      })),
      next: rows.length === input.limit ? (rows.at(-1)?.id ?? null) : null,
    };
  },
});
