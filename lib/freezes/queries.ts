import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { seesRelease } from "@/lib/releases/visible";
import { FindFreezes, type FreezeState } from "./freeze";

const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** A freeze with the releases that may go all the same. Instants are ISO 8601. */
export type Freeze = {
  id: string;
  ref: string;
  state: FreezeState;
  environment: string;
  unitId: string | null;
  unit: string | null;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  reason: string;
  declaredBy: string;
  declaredAt: string;
  liftedBy: string | null;
  liftedAt: string | null;
  liftReason: string;
  exemptions: readonly { release: string; model: string; reason: string; by: string; at: string }[];
};

/** Freezes, what begins last first. Whoever may read releases sees them; which releases are exempted only where they reach. */
export const findFreezes = query({
  name: "release.freezes.list",
  title: "List release freezes",
  http: { method: "GET", path: "/freezes" },
  input: FindFreezes,
  run: async (read, input, actor, now) => {
    // Refuses whoever may read no release.
    seesRelease(actor, null);
    const at = sql`${now.toISOString()}::timestamptz`;
    const state = sql`case when f.lifted_at is not null then 'lifted' when f.ends_at <= ${at} then 'over' when f.starts_at <= ${at} then 'active' else 'upcoming' end`;
    const reach = (unit: SQL) => inReach(actor, ["releases:read", "gate:check"], unit);
    const { rows } = await read.execute<Freeze>(sql`
      select f.id, f.ref, ${state} as state, f.environment, f.business_unit_id as "unitId", u.name as unit, ${iso(sql`f.starts_at`)} as "startsAt",
        ${iso(sql`f.ends_at`)} as "endsAt", f.time_zone as "timeZone", f.reason, d.name as "declaredBy", ${iso(sql`f.declared_at`)} as "declaredAt",
        l.name as "liftedBy", ${iso(sql`f.lifted_at`)} as "liftedAt", f.lift_reason as "liftReason",
        coalesce((select jsonb_agg(jsonb_build_object('release', r.ref, 'model', m.name, 'reason', e.reason, 'by', p.name, 'at', ${iso(sql`e.given_at`)}) order by e.given_at)
          from release_freeze_exemption e join release r on r.id = e.release_id join model m on m.id = r.model_id join person p on p.id = e.given_by
          where e.freeze_id = f.id and ${reach(sql`m.business_unit_id`)}), '[]') as exemptions
      from release_freeze f left join business_unit u on u.id = f.business_unit_id join person d on d.id = f.declared_by
        left join person l on l.id = f.lifted_by
      where ${reach(sql`f.business_unit_id`)}
        and ${input.state ? sql`${state} = any(${sql.param(input.state)}::text[])` : sql`true`}
        and ${input.environment ? sql`f.environment = any(${sql.param(input.environment)}::text[])` : sql`true`}
        and ${input.after ? sql`(f.starts_at, f.id) < (select starts_at, id from release_freeze where ref = ${input.after.toUpperCase()})` : sql`true`}
      order by f.starts_at desc, f.id desc limit ${input.limit + 1}`);
    const items = rows.slice(0, input.limit);
    return { items, next: rows.length > input.limit ? (items.at(-1)?.ref ?? null) : null };
  },
});
