import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { businessUnits } from "@/db/schema/org";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";

type Unit = typeof businessUnits.$inferSelect;

async function unitOf(read: Pick<Reader, "select">, idOrSlug: string): Promise<Unit | undefined> {
  const [unit] = await read
    .select()
    .from(businessUnits)
    .where(isUuid(idOrSlug) ? eq(businessUnits.id, idOrSlug) : eq(businessUnits.slug, idOrSlug));
  return unit;
}

/** The unit that an id or slug means; refuses with not_found. */
export async function findUnit(read: Pick<Reader, "select">, idOrSlug: string): Promise<Unit> {
  const unit = await unitOf(read, idOrSlug);
  if (!unit) throw new Refusal("not_found", `There is no business unit "${idOrSlug}". GET /api/v1/units lists them.`);
  return unit;
}

/** The unit that the field `businessUnit` of an input names; refuses the field. */
export async function givenUnit(read: Pick<Reader, "select">, idOrSlug: string): Promise<Unit> {
  const unit = await unitOf(read, idOrSlug);
  if (unit) return unit;
  const message = `There is no business unit ${idOrSlug}.`;
  throw new Refusal("invalid", `businessUnit: ${message}`, [{ field: "businessUnit", message }]);
}
