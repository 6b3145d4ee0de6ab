import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import {
  type BacklogKind,
  BacklogRef,
  type BacklogState,
  backlogKinds,
  FindBacklog,
  mayRead,
  openStates,
  type SourceKind,
} from "./backlog";
import { burnDown } from "./burn-down";
import { endOfQuarter, quarterAfter } from "./quarter";

/** One item. `models` are those that the reader sees, `others` how many more there are; instants are ISO 8601. */
export type BacklogRow = {
  id: string;
  ref: string;
  kind: BacklogKind;
  title: string;
  why: string;
  justification: string;
  points: number;
  gain: number;
  state: BacklogState;
  ownerId: string | null;
  owner: string | null;
  opener: string;
  openedAt: string;
  closedAt: string | null;
  closedReason: string | null;
  revision: number;
  models: string[];
  others: number;
  sources: { kind: SourceKind; ref: string }[];
  /** What a point of effort earns (lib/backlog/backlog.ts, `worth`), as text with six decimals: the order of the list. */
  worth: string;
};

const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The rows `x`, with what `worth` of lib/backlog/backlog.ts says of each; a test holds the two together. */
const rowsFor = (actor: Actor): SQL => sql`
  with x as (
    select i.id, i.ref, i.kind, i.title, i.why, i.justification, i.points, i.gain, i.state, i.owner_id as "ownerId", p.name as owner, o.name as opener,
      ${iso(sql`i.opened_at`)} as "openedAt", ${iso(sql`i.closed_at`)} as "closedAt", i.closed_reason as "closedReason", i.revision,
      i.opened_at, i.closed_at, l.models, l.n - cardinality(l.models) as others,
      coalesce((select json_agg(json_build_object('kind', s.kind, 'ref', s.ref) order by s.kind, s.ref) from backlog_source s where s.item_id = i.id), '[]') as sources,
      round((case when i.kind = 'debt' then 1 else greatest(1, l.n) end * i.gain)::numeric / i.points, 6) as worth
    from backlog_item i join person o on o.id = i.opened_by left join person p on p.id = i.owner_id,
    lateral (select count(*)::int as n, coalesce(array_agg(m.name order by m.name)
        filter (where ${inReach(actor, "inventory:read", sql`m.business_unit_id`)}), '{}') as models
      from backlog_model b join model m on m.id = b.model_id where b.item_id = i.id) l)`;

const shown = sql`x.id, x.ref, x.kind, x.title, x.why, x.justification, x.points, x.gain, x.state, x."ownerId", x.owner, x.opener, x."openedAt",
  x."closedAt", x."closedReason", x.revision, x.models, x.others, x.sources, x.worth::text`;

function chosen(input: FindBacklog, actor: Actor): SQL {
  const like = input.q ? `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : "";
  // A quarter asks for what stood then, whatever became of it.
  const states = input.state ?? (input.cohort || input.standing ? ["any"] : openStates);
  const start = (quarter: string) => sql`${endOfQuarter(quarterAfter(quarter, -1)).toISOString()}::timestamptz`;
  const end = (quarter: string) => sql`${endOfQuarter(quarter).toISOString()}::timestamptz`;
  return sql.join(
    [
      sql`x.kind = ${input.kind}`,
      states.some((s) => s === "any") ? sql`true` : sql`x.state = any(${`{${states.join(",")}}`}::text[])`,
      input.source
        ? sql`exists (select from backlog_source s where s.item_id = x.id and s.kind = ${input.source})`
        : sql`true`,
      input.owner === "none"
        ? sql`x."ownerId" is null`
        : input.owner
          ? sql`x."ownerId"::text = ${input.owner === "me" ? actor.id : input.owner}`
          : sql`true`,
      input.model ? sql`${input.model} = any(x.models)` : sql`true`,
      input.cohort ? sql`x.opened_at >= ${start(input.cohort)} and x.opened_at < ${end(input.cohort)}` : sql`true`,
      input.standing
        ? sql`x.opened_at < ${end(input.standing)} and (x.closed_at is null or x.closed_at >= ${end(input.standing)})`
        : sql`true`,
      input.q ? sql`(x.ref = ${input.q.toUpperCase()} or x.title ilike ${like} or x.why ilike ${like})` : sql`true`,
    ],
    sql` and `,
  );
}

function afterRow(after: string | undefined): SQL {
  if (after === undefined) return sql`true`;
  const [worth = "", ref = ""] = after.split("_");
  if (!/^\d{1,9}\.\d{6}$/.test(worth) || !/^(DEB|CAP)-\d{1,9}$/.test(ref))
    throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
      { field: "after", message: "Not a page mark." },
    ]);
  return sql`(x.worth < ${worth}::numeric or (x.worth = ${worth}::numeric and x.ref > ${ref}))`;
}

/** The backlog of one kind, what a point of effort earns most first. */
export const findBacklog = query({
  name: "backlog.found",
  title: "List architecture debt or wanted capabilities, by what a point of effort earns",
  http: { method: "GET", path: "/backlog" },
  input: FindBacklog,
  async run(read, input, actor) {
    insist(mayRead(actor));
    const { rows } = await read.execute<BacklogRow>(sql`${rowsFor(actor)}
      select ${shown} from x where ${chosen(input, actor)} and ${afterRow(input.after)} order by x.worth desc, x.ref limit ${input.limit + 1}`);
    const items = rows.slice(0, input.limit);
    const last = rows.length > input.limit ? items.at(-1) : undefined;
    return { items, next: last ? `${last.worth}_${last.ref}` : null };
  },
});

/** One item of the backlog. */
export const getItem = query({
  name: "backlog.read",
  title: "Read an item of the backlog",
  http: { method: "GET", path: "/backlog/{ref}" },
  input: z.strictObject({ ref: BacklogRef }),
  async run(read, { ref }, actor) {
    insist(mayRead(actor));
    const { rows } = await read.execute<BacklogRow>(
      sql`${rowsFor(actor)} select ${shown} from x where x.ref = ${ref.toUpperCase()}`,
    );
    const [item] = rows;
    if (!item) throw new Refusal("not_found", `There is no ${ref} on the backlog.`);
    return item;
  },
});

/** Points that remain, quarter by quarter, of what each quarter opened: worked out from the items as they are weighed now. */
export const readBurnDown = query({
  name: "backlog.burned_down",
  title: "Read how the backlog burns down, by the quarter in which items were opened",
  http: { method: "GET", path: "/backlog-burn-down" },
  input: z.strictObject({ kind: z.enum(backlogKinds, "Choose debt or capability.").default("debt") }),
  async run(read, { kind }, actor, now) {
    insist(mayRead(actor));
    const { rows } = await read.execute<{
      points: number;
      openedAt: string;
      closedAt: string | null;
      state: BacklogState;
    }>(
      sql`select points, ${iso(sql`opened_at`)} as "openedAt", ${iso(sql`closed_at`)} as "closedAt", state from backlog_item where kind = ${kind}`,
    );
    const open = rows.filter((r) => openStates.includes(r.state));
    return {
      ...burnDown(
        rows.map((r) => ({
          points: r.points,
          openedAt: new Date(r.openedAt),
          closedAt: r.closedAt ? new Date(r.closedAt) : null,
        })),
        now,
      ),
      open: open.length,
      points: open.reduce((n, r) => n + r.points, 0),
    };
  },
});

/** A gap of the library that no item has taken up. */
export type OpenGap = { id: string; name: string; model: string | null; missing: string; saidAt: string };

/** What owners said no pattern fits, as far as it is on no list yet; the oldest first. */
export const openGaps = query({
  name: "backlog.gaps.listed",
  title: "List what owners miss and no capability takes up",
  http: { method: "GET", path: "/backlog-gaps" },
  input: z.strictObject({}),
  async run(read, _input, actor): Promise<{ items: OpenGap[] }> {
    insist(mayRead(actor));
    const { rows } = await read.execute<OpenGap>(sql`
      select g.id, coalesce(m.name, u.name) as name, m.name as model, g.missing, ${iso(sql`g.said_at`)} as "saidAt"
      from pattern_gap g left join model m on m.id = g.model_id left join use_case u on u.id = g.use_case_id
      where g.state in ('open', 'planned') and not exists (select from backlog_source s where s.kind = 'gap' and s.ref = g.id::text)
        and ${inReach(actor, "inventory:read", sql`coalesce(m.business_unit_id, u.business_unit_id)`)}
      order by g.id limit 50`);
    return { items: rows };
  },
});
