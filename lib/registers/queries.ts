import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { type Day, dayOf } from "@/lib/core/business-days";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import type { Authority } from "@/lib/readiness/risk-acceptance";
import {
  type Band,
  bandFrom,
  bands,
  FindRegister,
  mayReadRegisters,
  type Register,
  type RowState,
  runningIn,
} from "./register";

/** One line of a register. Days are YYYY-MM-DD; `age` and `left` count days of the calendar. */
export type RegisterRow = {
  id: string;
  ref: string;
  /** What it is about: the duty, the item that is waived, the risk. */
  text: string;
  /** What goes with it: the kind of a condition, the compensation of a waiver, the treatment of a risk. */
  note: string;
  state: RowState;
  level: string | null;
  ownerId: string | null;
  owner: string | null;
  model: string;
  tier: number | null;
  unit: string | null;
  review: string | null;
  item: string | null;
  openedOn: Day;
  dueOn: Day;
  age: number;
  left: number;
  overdue: boolean;
  /** The last step of the ladder, or the last warning; null for none. */
  step: string | null;
  /** Who signed for it, and by which authority. */
  signers: { name: string; authority: Authority }[];
};

const asked = (
  x: SQL,
  at: SQL,
): SQL => sql`case when ${x}.ended_at is not null then 'ended' when ${x}.refused_at is not null then 'refused'
  when ${x}.accepted_at is null then 'requested' when ${x}.expires_at <= ${at} then 'lapsed' else 'accepted' end`;
const warned = (x: SQL): SQL => sql`(select 'warned_' || min(d) from unnest(${x}.warned) d)`;

/** Each register as rows of the same shape; all else is written once. */
const sources: Record<Register, (at: SQL) => SQL> = {
  conditions: () => sql`
    select c.id, c.ref, c.text, c.kind as note, c.status as state, null as level, c.owner_id, c.model_id, r.ref as review, null as item,
      (d.decided_at at time zone 'UTC')::date as opened_on, c.due_on,
      (select e.step from escalation e where e.condition_id = c.id and e.since = c.due_on::timestamp at time zone 'UTC'
        order by e.raised_at desc, e.id desc limit 1) as step, '[]'::json as signers
    from condition c join review r on r.id = c.review_id join review_decision d on d.id = c.decision_id`,
  exceptions: (at) => sql`
    select w.id, w.ref, w.item_id || ': ' || w.reason, w.compensation, ${asked(sql`w`, at)}, w.risk ->> 'level', o.owner_id, w.model_id, null, w.item_id,
      (w.requested_at at time zone 'UTC')::date, (w.expires_at at time zone 'UTC')::date, ${warned(sql`w`)},
      coalesce((select json_agg(json_build_object('name', p.name, 'authority', a.authority) order by a.part)
        from waiver_acceptance a join person p on p.id = a.person_id where a.waiver_id = w.id), '[]')
    from waiver w join model o on o.id = w.model_id`,
  risks: (at) => sql`
    select x.id, x.ref, x.risk, x.treatment, ${asked(sql`x`, at)}, x.statement ->> 'level', o.owner_id, x.model_id, r.ref, null,
      (x.requested_at at time zone 'UTC')::date, (x.expires_at at time zone 'UTC')::date, ${warned(sql`x`)},
      coalesce((select json_agg(json_build_object('name', g ->> 'name', 'authority', g ->> 'authority')) from jsonb_array_elements(x.given) g), '[]')
    from risk_acceptance x join review r on r.id = x.review_id join model o on o.id = x.model_id`,
};

const columns = sql`(id, ref, text, note, state, level, owner_id, model_id, review, item, opened_on, due_on, step, signers)`;
const list = (values: readonly string[]): SQL => sql`${`{${values.join(",")}}`}::text[]`;

/** The part of a register that an actor sees, with its age; conditions `x`, models `m`. */
const within = (register: Register, actor: Actor, now: Date): SQL => sql`
  with source ${columns} as (${sources[register](sql`${now.toISOString()}::timestamptz`)}),
  x as (select s.*, m.name as model, m.tier, m.business_unit_id, u.name as unit, u.slug, p.name as owner,
      s.state = any(${list(runningIn[register])}) as running, ${dayOf(now)}::date - s.opened_on as age, s.due_on - ${dayOf(now)}::date as left_days
    from source s join model m on m.id = s.model_id left join business_unit u on u.id = m.business_unit_id left join person p on p.id = s.owner_id
    where ${inReach(actor, "reviews:read", sql`m.business_unit_id`)})`;

const between = (band: Band): SQL => {
  const next = bands[bands.indexOf(band) + 1];
  return sql`(x.age >= ${bandFrom[band]} ${next ? sql`and x.age < ${bandFrom[next]}` : sql``})`;
};

function chosen(input: FindRegister, actor: Actor): SQL {
  const like = input.q ? `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : "";
  const states = input.state === undefined ? runningIn[input.register] : input.state;
  return sql.join(
    [
      states ? sql`x.state = any(${list(states)})` : sql`true`,
      input.due === "overdue" ? sql`x.running and x.left_days < 0` : sql`true`,
      input.due === "soon" ? sql`x.running and x.left_days between 0 and 30` : sql`true`,
      input.owner === "none"
        ? sql`x.owner_id is null`
        : input.owner
          ? sql`x.owner_id::text = ${input.owner === "me" ? actor.id : input.owner}`
          : sql`true`,
      input.tier ? sql`x.tier::text = any(${list(input.tier)})` : sql`true`,
      input.unit ? sql`x.slug = ${input.unit}` : sql`true`,
      input.model ? sql`x.model = ${input.model}` : sql`true`,
      input.q ? sql`(x.ref = ${input.q.toUpperCase()} or x.text ilike ${like} or x.model ilike ${like})` : sql`true`,
    ],
    sql` and `,
  );
}

function afterRow(after: string | undefined): SQL {
  if (after === undefined) return sql`true`;
  const [on = "", ref = ""] = after.split("_");
  if (!day().safeParse(on).success || !/^[A-Z]{3}-\d{1,9}$/.test(ref))
    throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
      { field: "after", message: "Not a page mark." },
    ]);
  return sql`(x.due_on, x.ref) > (${on}::date, ${ref})`;
}

/** A register, the next due first, with how many of its rows are how old. */
export const findRegister = query({
  name: "register.found",
  title: "List a register: conditions, exceptions or accepted risks, with their age and who answers for them",
  http: { method: "GET", path: "/registers/{register}" },
  input: FindRegister,
  async run(read, input, actor, now) {
    insist(mayReadRegisters(actor));
    const from = within(input.register, actor, now);
    const where = chosen(input, actor);
    const inBand = input.band
      ? sql`(${sql.join(
          input.band.map((b) => between(b)),
          sql` or `,
        )})`
      : sql`true`;
    const after = afterRow(input.after);
    const [{ rows }, { rows: counted }] = await Promise.all([
      read.execute<RegisterRow>(sql`${from}
        select x.id, x.ref, x.text, x.note, x.state, x.level, x.owner_id as "ownerId", x.owner, x.model, x.tier, x.unit, x.review, x.item,
          x.opened_on::text as "openedOn", x.due_on::text as "dueOn", x.age, x.left_days as left, x.running and x.left_days < 0 as overdue, x.step, x.signers
        from x where ${where} and ${inBand} and ${after} order by x.due_on, x.ref limit ${input.limit + 1}`),
      read.execute<{ band: Band; n: number; overdue: number }>(sql`${from}
        select case ${sql.join(
          [...bands].reverse().map((b) => sql`when x.age >= ${bandFrom[b]} then ${b}`),
          sql` `,
        )} else ${bands[0]} end as band, count(*)::int as n, (count(*) filter (where x.running and x.left_days < 0))::int as overdue
        from x where ${where} group by 1`),
    ]);
    const items = rows.slice(0, input.limit);
    const last = rows.length > input.limit ? items.at(-1) : undefined;
    return {
      items,
      next: last ? `${last.dueOn}_${last.ref}` : null,
      /** Over all ages, with the other filters: how many rows are how old, and how many of those are overdue. */
      bands: bands.map((band) => counted.find((c) => c.band === band) ?? { band, n: 0, overdue: 0 }),
    };
  },
});

/** How many rows of each register still ask something of somebody. */
export const countRegisters = query({
  name: "register.counted",
  title: "Count what each register still asks",
  http: { method: "GET", path: "/registers" },
  input: z.strictObject({}),
  async run(read, _input, actor, now): Promise<Record<Register, number>> {
    insist(mayReadRegisters(actor));
    const running = async (register: Register): Promise<number> => {
      const { rows } = await read.execute<{ n: number }>(
        sql`${within(register, actor, now)} select count(*)::int as n from x where x.running`,
      );
      return rows[0]?.n ?? 0;
    };
    const [conditions, exceptions, risks] = await Promise.all([
      running("conditions"),
      running("exceptions"),
      running("risks"),
    ]);
    return { conditions, exceptions, risks };
  },
});
