import "server-only";
import { and, inArray, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { personExpertise } from "@/db/schema/reviewers";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { boardFor } from "@/lib/reviews/load";
import { type Seat, seats } from "@/lib/reviews/review";
import { type Expertise, expertises } from "@/lib/reviews/reviewers";
import { mayReadBoard } from "./read";

export type DelegationRow = {
  id: string;
  memberId: string;
  member: string;
  delegateId: string;
  delegate: string;
  from: string;
  until: string;
  reason: string;
  namedBy: string;
  /** It stands today; otherwise it is to come. */
  now: boolean;
};

/** Seats with who holds them, and delegations that stand or are to come. Holders are those with a role for every business unit or any. */
export const readBoard = query({
  name: "board.read",
  title: "Read who sits on the board, and who stands in for whom",
  http: { method: "GET", path: "/board" },
  input: z.strictObject({}),
  async run(read, _input, actor, now) {
    insist(mayReadBoard(actor));
    const today = dayOf(now);
    const [members, delegations, came] = await Promise.all([
      boardFor(read, null),
      delegationsFrom(read, today),
      attendanceSince(read, new Date(now.getTime() - 366 * 86_400_000)),
    ]);
    const known = await knownBy(
      read,
      members.map((m) => m.personId),
    );
    return {
      today,
      seats: seats.map((seat: Seat) => ({
        seat,
        holders: members
          .filter((m) => m.seat === seat)
          .map((m) => ({
            personId: m.personId,
            name: m.name,
            /** In the order of the vocabulary. */
            knows: expertises.filter((field) => known.get(m.personId)?.has(field)),
            attended: came.by.get(m.personId) ?? 0,
            delegate: delegations.find((d) => d.now && d.memberId === m.personId)?.delegate ?? null,
          })),
      })),
      /** Meetings held within a year, of which `attended` counts those a member came to or sent a delegate. */
      held: came.held,
      delegations,
    };
  },
});

/** What each of some people is said to know at present. */
async function knownBy(read: Reader, ids: readonly string[]): Promise<Map<string, Set<Expertise>>> {
  const rows = await read
    .select({ personId: personExpertise.personId, field: personExpertise.field })
    .from(personExpertise)
    .where(and(inArray(personExpertise.personId, [...ids]), isNull(personExpertise.endedAt)));
  const known = new Map<string, Set<Expertise>>();
  for (const { personId, field } of rows) known.set(personId, (known.get(personId) ?? new Set()).add(field));
  return known;
}

async function delegationsFrom(read: Reader, today: string): Promise<DelegationRow[]> {
  const { rows } = await read.execute<DelegationRow>(sql`
    select d.id, d.member_id as "memberId", m.name as member, d.delegate_id as "delegateId", e.name as delegate,
      d.from_on::text as "from", d.until_on::text as until, d.reason, n.name as "namedBy", d.from_on <= ${today}::date as now
    from board_delegate d join person m on m.id = d.member_id join person e on e.id = d.delegate_id
      join person n on n.id = d.named_by
    where d.ended_at is null and d.until_on >= ${today}::date order by d.from_on, d.id limit 200`);
  return rows;
}

/** How many meetings were held since, and to how many each member came or sent a delegate. */
async function attendanceSince(read: Reader, since: Date): Promise<{ held: number; by: Map<string, number> }> {
  const { rows } = await read.execute<{ id: string | null; n: number }>(sql`
    with held as (select id from meeting where status = 'closed' and opened_at >= ${since.toISOString()}::timestamptz)
    select null as id, count(*)::int as n from held
    union all
    select coalesce(a.for_id, a.person_id)::text, count(distinct a.meeting_id)::int
    from meeting_attendance a join held h on h.id = a.meeting_id group by 1`);
  return {
    held: rows.find((r) => r.id === null)?.n ?? 0,
    by: new Map(rows.flatMap((r) => (r.id ? [[r.id, r.n] as const] : []))),
  };
}
