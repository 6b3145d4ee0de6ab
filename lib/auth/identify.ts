import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Db, Reader } from "@/db/client";
import { prepared, send } from "@/db/transact";
import type { Actor, Grant } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { rolesWith } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import type { Role } from "@/lib/core/rights";
import { hashSecret } from "./hash";

/**
 * A person's grants with each unit expanded to the units below it; read at every request, so that a change counts at once. Whoever
 * stands in for a member of the board on the day looks where that seat does: nobody votes on what they may not read.
 */
const grantsText = (person: "p.id" | "t.person_id", day: string) => `(
  select coalesce(json_agg(json_build_object('role', g.role, 'units', case when g.business_unit_id is null then null else (
    with recursive below as (
      select g.business_unit_id as id
      union select b.id from business_unit b join below on b.parent_id = below.id
    ) select json_agg(below.id) from below) end)), '[]')
  from (
    select role, business_unit_id from role_grant where person_id = ${person}
    union all
    select 'viewer', s.business_unit_id from board_delegate d join role_grant s on s.person_id = d.member_id
    where d.delegate_id = ${person} and d.ended_at is null and ${day} between d.from_on and d.until_on
      and s.role = any('${rolesWith("reviews:vote")}'::text[])
  ) g)`;
const grantsOf = (now: Date): SQL => sql.raw(grantsText("p.id", `date '${dayOf(now)}'`));

export type SignedIn = { actor: Actor; sessionId: string; expires: Date };

type SessionRow = { session_id: string; expires: string | Date; id: string; name: string; grants: Grant[] };

/** Who a session cookie belongs to; null if it is unknown, expired, or its person deactivated. */
export async function bySession(db: Db, cookie: string, now: Date): Promise<SignedIn | null> {
  const { rows } = await db.execute<SessionRow>(sql`
    select s.id as session_id, s.expires, p.id, p.name, ${grantsOf(now)} as grants
    from session s join person p on p.id = s.user_id
    where s.session_token = ${hashSecret(cookie).toString("hex")} and s.expires > ${now.toISOString()}::timestamptz and p.active`);
  const row = rows[0];
  if (!row) return null;
  const actor: Actor = { kind: "person", id: row.id, name: row.name, grants: row.grants, scopes: null };
  return { actor, sessionId: row.session_id, expires: new Date(row.expires) };
}

/** Active people `p` of which a condition holds, each as the actor they are when they sign in. */
export async function activePeople(read: Reader, which: SQL, now: Date): Promise<Actor[]> {
  const { rows } = await read.execute<{ id: string; name: string; grants: Grant[] }>(
    sql`select p.id, p.name, ${grantsOf(now)} as grants from person p where p.active and ${which} order by p.id`,
  );
  return rows.map((r) => ({ kind: "person", id: r.id, name: r.name, grants: r.grants, scopes: null }));
}

/** All of them by name, for the demo organisation's story. */
export const allPeople = async (read: Reader, now: Date): Promise<Map<string, Actor>> =>
  new Map((await activePeople(read, sql`true`, now)).map((actor) => [actor.name, actor]));

/** An active person as the actor they are when they sign in; null if there is none. The signing page acts for whom its link is. */
export async function byPerson(db: Db, id: string, now: Date): Promise<Actor | null> {
  const { rows } = await db.execute<{ id: string; name: string; grants: Grant[] }>(
    sql`select p.id, p.name, ${grantsOf(now)} as grants from person p where p.id = ${id} and p.active`,
  );
  const [row] = rows;
  return row ? { kind: "person", id: row.id, name: row.name, grants: row.grants, scopes: null } : null;
}

type TokenRow = {
  id: string;
  name: string;
  actor_kind: "person" | "service" | "agent";
  person_id: string | null;
  person_name: string | null;
  person_active: boolean | null;
  roles: Role[];
  scopes: string[] | null;
  expired: boolean;
  revoked: boolean;
  stale: boolean;
  grants: Grant[];
};

/** Prepared, because every call of the API pays for it. */
const tokenHeld = prepared(
  "token_held",
  `
    select t.id, t.name, t.actor_kind, t.person_id, p.name as person_name, p.active as person_active, t.roles, t.scopes,
      t.expires_at is not null and t.expires_at <= $2::timestamptz as expired, t.revoked_at is not null as revoked,
      t.last_used_at is null or t.last_used_at < $2::timestamptz - interval '1 minute' as stale,
      case when t.actor_kind = 'person' then ${grantsText("t.person_id", "($2::timestamptz at time zone 'UTC')::date")} else '[]'::json end as grants
    from api_token t left join person p on p.id = t.person_id where t.hash = $1::bytea`,
);

/**
 * Who a bearer token speaks for: one indexed read. Refuses with what is wrong with it, which only its holder learns.
 * The time of last use is noted at most once a minute, beside the request.
 */
export async function byToken(db: Db, token: string, now: Date): Promise<Actor> {
  const at = now.toISOString();
  const [row] = await send<TokenRow>(db, tokenHeld, [hashSecret(token), at]);
  if (!row) throw new Refusal("unauthenticated", "This API token is not known here. Check that it was copied whole.");
  if (row.revoked) throw new Refusal("unauthenticated", "This API token was revoked. Create a new one under Account.");
  if (row.expired) throw new Refusal("unauthenticated", "This API token has expired. Create a new one under Account.");
  if (row.person_id && !row.person_active)
    throw new Refusal("unauthenticated", "The person this API token belongs to is deactivated.");
  if (row.stale) {
    await db.execute(sql`
      update api_token set last_used_at = ${at}::timestamptz
      where id = ${row.id} and (last_used_at is null or last_used_at < ${at}::timestamptz - interval '1 minute')`);
  }
  if (row.actor_kind === "person" && row.person_id)
    return {
      kind: "person",
      id: row.person_id,
      name: row.person_name ?? row.name,
      grants: row.grants,
      scopes: row.scopes,
    };
  const grants = row.roles.map((role) => ({ role, units: null }));
  return {
    kind: row.actor_kind === "agent" ? "agent" : "service",
    id: row.id,
    name: row.name,
    grants,
    scopes: row.scopes,
  };
}
