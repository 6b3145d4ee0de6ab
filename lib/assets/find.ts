import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { assets } from "@/db/schema/assets";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { sees } from "@/lib/models/visible";

/** An asset by id, as far as the actor may see it; refuses with not_found. */
export async function findAsset(read: Reader, id: string, actor: Actor): Promise<typeof assets.$inferSelect> {
  const [row] = await read.select().from(assets).where(eq(assets.id, id));
  if (!row || !sees(actor, row.businessUnitId))
    throw new Refusal("not_found", `There is no asset ${id}. GET /api/v1/assets lists them.`, [
      { field: "asset", message: "Not known." },
    ]);
  return row;
}
