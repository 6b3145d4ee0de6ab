import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { businessUnits } from "@/db/schema/org";
import { Refusal } from "@/lib/core/refusal";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The unit that an id or slug means; refuses with not_found. */
export async function findUnit(
  read: Pick<Reader, "select">,
  idOrSlug: string,
): Promise<typeof businessUnits.$inferSelect> {
  const [unit] = await read
    .select()
    .from(businessUnits)
    .where(uuid.test(idOrSlug) ? eq(businessUnits.id, idOrSlug) : eq(businessUnits.slug, idOrSlug));
  if (!unit) throw new Refusal("not_found", `There is no business unit "${idOrSlug}". GET /api/v1/units lists them.`);
  return unit;
}
