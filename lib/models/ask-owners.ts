import "server-only";
import { inArray, sql } from "drizzle-orm";
import { models, ownerRequests } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { askInput } from "./inputs";
import { mayAskOwners } from "./model";
import { sees } from "./visible";

/** Asks the owners of some models to bring readiness, or ownership, up to date. One open request per model and subject. */
export const askOwners = command({
  name: "model.owners.asked",
  title: "Ask owners",
  http: { method: "POST", path: "/models/ask" },
  input: askInput,
  load: async (tx, input, actor) => {
    const rows = await tx
      .select({ id: models.id, name: models.name, ownerId: models.ownerId, unitId: models.businessUnitId })
      .from(models)
      .where(inArray(models.name, input.models));
    const seen = rows.filter((row) => sees(actor, row.unitId));
    const missing = input.models.filter((name) => !seen.some((row) => row.name === name));
    if (missing.length > 0)
      throw new Refusal("not_found", `Not in the inventory: ${missing.slice(0, 5).join(", ")}.`, [
        { field: "models", message: `Not in the inventory: ${missing.slice(0, 5).join(", ")}.` },
      ]);
    return seen;
  },
  may: mayAskOwners,
  run: async (tx, { input, subject, actor, now }) => {
    const owned = subject.flatMap((m) => (m.ownerId ? [{ ...m, ownerId: m.ownerId }] : []));
    if (owned.length === 0)
      throw new Refusal("conflict", "Nobody owns the selected models yet. Have them claimed first.", [
        { field: "models", message: "Without owner." },
      ]);
    const rows = await tx
      .insert(ownerRequests)
      .values(
        owned.map((m) => ({
          id: newId(),
          modelId: m.id,
          personId: m.ownerId,
          about: input.about,
          note: input.note,
          askedBy: actor.id,
          askedByName: actor.name,
          askedAt: now,
        })),
      )
      .onConflictDoNothing({ target: [ownerRequests.modelId, ownerRequests.about], where: sql`done_at is null` })
      .returning({ modelId: ownerRequests.modelId });
    const asked = owned.filter((m) => rows.some((r) => r.modelId === m.id));
    const result = {
      asked: asked.length,
      already: owned.length - asked.length,
      withoutOwner: subject.length - owned.length,
    };
    if (asked.length === 0) return { unchanged: result };
    const first = asked[0];
    return {
      result,
      entry: {
        subject: { kind: "model", id: first?.id ?? "", ref: first?.name ?? "" },
        modelId: asked.length === 1 ? first?.id : null,
        summary: `asked the owners of ${asked.length === 1 ? first?.name : `${asked.length} models`} for ${input.about}`,
        body: {
          about: input.about,
          note: input.note,
          models: asked.map((m) => ({ name: m.name, ownerId: m.ownerId })),
        },
      },
    };
  },
});
