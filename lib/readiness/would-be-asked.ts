import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { ChecklistItem } from "@/lib/content/schemas";

/** The item type of model `m`, as `itemTypeOf` tells it; null while the inventory does not say. */
const typeOfModel = sql`case when m.kind = 'agent' then 'agent' when m.kind in ('llm_app', 'rag') then 'llm_app'
  when m.serving_type = 'edge' then 'online' else m.serving_type end`;

/** Whether an item `i` of model `m` that is not required would be, were it asked in these tiers. A model without a tier is asked everything already. */
export const wouldBeAsked = (item: ChecklistItem, tiers: readonly number[]): SQL =>
  sql`i.item_id = ${item.id} and not i.required and m.tier = any(${`{${tiers.join(",")}}`}::int[])
    and (${typeOfModel} is null or ${typeOfModel} = any(${`{${item.types.join(",")}}`}::text[]))`;
