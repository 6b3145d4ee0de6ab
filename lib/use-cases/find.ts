import "server-only";
import { eq, or } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { useCases } from "@/db/schema/models";
import type { Actor } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { sees } from "@/lib/models/visible";

type UseCase = typeof useCases.$inferSelect;

/** The use case that a reference, name or id means, as far as the actor may see it; refuses with not_found. */
export async function findUseCaseFor(read: Reader, key: string, actor: Actor): Promise<UseCase> {
  const [row] = await read
    .select()
    .from(useCases)
    .where(isUuid(key) ? eq(useCases.id, key) : or(eq(useCases.ref, key.toUpperCase()), eq(useCases.name, key)));
  if (!row || !sees(actor, row.businessUnitId))
    throw new Refusal("not_found", `There is no use case ${key}. GET /api/v1/use-cases lists them.`, [
      { field: "useCase", message: "Not known." },
    ]);
  return row;
}
