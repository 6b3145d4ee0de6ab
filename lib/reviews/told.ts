import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { reachesUnit, roleList, rolesWith, unitsAbove } from "@/lib/core/in-reach";
import type { Told } from "./escalation";

const grantsOf = (roles: string, unitId: string | null): SQL =>
  sql`select g.person_id from role_grant g where g.role = any(${roles}::text[]) and ${reachesUnit(sql`${unitId}::uuid`)}`;

/** Heads of the unit and of all units above it, the nearest first. */
const heads = (unitId: string | null): SQL => sql`
  with recursive up (head_id, parent_id, step) as (
    select head_id, parent_id, 0 from business_unit where id = ${unitId}::uuid
    union all select b.head_id, b.parent_id, up.step + 1 from business_unit b join up on b.id = up.parent_id
  ) select head_id as person_id, step from up where head_id is not null`;

/**
 * Whom a step tells. `apart` is left out: a condition's owner who heads their own unit is not their own manager, so the ladder
 * goes on to the next unit above and never in a circle. Where nobody holds the post, whoever manages people is told, because a
 * post without a person is theirs to mend.
 */
export async function peopleTold(
  read: Reader,
  tells: Told,
  of: { unitId: string | null; apart: readonly string[] },
): Promise<{ ids: string[]; vacant: boolean }> {
  const apart = `{${of.apart.join(",")}}`;
  const manager = sql`(select h.person_id from (${heads(of.unitId)}) h join person p on p.id = h.person_id
    where p.active and not h.person_id = any(${apart}::uuid[]) order by h.step limit 1)`;
  const chair = grantsOf(rolesWith("reviews:decide"), of.unitId);
  const meant: Record<Told, SQL> = {
    chair,
    executives: grantsOf(roleList(["executive"]), of.unitId),
    committee: grantsOf(roleList(["executive", "model_risk"]), of.unitId),
    manager,
    manager_and_chair: sql`select h.person_id from (${heads(of.unitId)}) h union ${chair}`,
  };
  const active = async (who: SQL): Promise<string[]> => {
    const { rows } = await read.execute<{ id: string }>(sql`
      with recursive ${unitsAbove}
      select p.id from person p where p.active and p.id in (${who}) and not p.id = any(${apart}::uuid[]) order by p.id`);
    return rows.map((row) => row.id);
  };
  const ids = await active(meant[tells]);
  return ids.length > 0
    ? { ids, vacant: false }
    : { ids: await active(grantsOf(rolesWith("people:manage"), of.unitId)), vacant: true };
}
