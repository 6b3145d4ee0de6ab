import "server-only";
import { type SQL, sql } from "drizzle-orm";

/** The head of a unit, or of the nearest unit above it that has an active one; null when none has. */
export const headOf = (unitId: SQL): SQL => sql`(
  with recursive up as (
    select u.id, u.parent_id, u.head_id, 0 as d from business_unit u where u.id = ${unitId}
    union all select u.id, u.parent_id, u.head_id, up.d + 1 from business_unit u join up on u.id = up.parent_id
  )
  select up.head_id from up join person p on p.id = up.head_id where p.active order by up.d limit 1)`;
