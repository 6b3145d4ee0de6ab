import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { boardDelegates } from "@/db/schema/board";
import { people, roleGrants } from "@/db/schema/org";
import { type Day, dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findPerson, givenPerson } from "@/lib/people/find";
import { seatOf } from "@/lib/reviews/quorum";
import {
  delegateFault,
  EndDelegation,
  type Holder,
  mayEndDelegation,
  mayNameDelegate,
  NameDelegate,
  sayDays,
} from "./delegate";

/** A member of the board, or the chair for them, names who takes the seat from one day to another. */
export const nameDelegate = command({
  name: "board.delegate.named",
  title: "Name who takes a seat on the board for some days",
  http: { method: "POST", path: "/board/delegates", status: 201 },
  input: NameDelegate,
  load: async (tx, { member }, actor, now): Promise<Holder> => {
    const { id, name } = await findPerson(tx, member ?? actor.id);
    const [own, around] = [await seatAnywhere(tx, id), await named(tx, id, dayOf(now), dayOf(now))];
    return { id, name, seat: own, standsFor: around.standsFor };
  },
  may: mayNameDelegate,
  async run(tx, { input, subject: member, actor, now }) {
    const delegate = await givenPerson(tx, input.delegate, "delegate");
    // Two who name each other, or one person for two seats, at the same time: the second waits here and sees the first.
    for (const id of [member.id, delegate.id].sort())
      await tx.execute(sql`select 1 from person where id = ${id}::uuid for no key update`);
    const [theirs, ours, seat] = [
      await named(tx, delegate.id, input.from, input.until),
      await named(tx, member.id, input.from, input.until),
      await seatAnywhere(tx, delegate.id, true),
    ];
    const fault = delegateFault(
      {
        memberId: member.id,
        member: member.name,
        memberHas: ours.delegate,
        from: input.from,
        until: input.until,
        today: dayOf(now),
      },
      { id: delegate.id, name: delegate.name, seat, named: theirs.delegate, standsFor: theirs.standsFor },
    );
    if (fault) throw new Refusal("invalid", fault.message, [fault]);
    const id = newId();
    await tx.insert(boardDelegates).values({
      id,
      memberId: member.id,
      delegateId: delegate.id,
      fromOn: input.from,
      untilOn: input.until,
      reason: input.reason,
      namedBy: actor.id,
      namedAt: now,
    });
    return {
      result: { id, member: member.name, delegate: delegate.name, from: input.from, until: input.until },
      entry: {
        subject: { kind: "board", id, ref: "board" },
        summary: `named ${delegate.name} to stand in for ${member.name} on the board ${sayDays(input.from, input.until)}`,
        body: { member: member.id, delegate: delegate.id, from: input.from, until: input.until, reason: input.reason },
      },
    };
  },
});

/** A delegation ends before its last day; votes cast meanwhile stand. */
export const endDelegation = command({
  name: "board.delegation.ended",
  title: "Take a delegation back",
  http: { method: "POST", path: "/board/delegates/{delegation}/end" },
  input: EndDelegation,
  async load(tx, { delegation }) {
    const [row] = await tx
      .select({ row: boardDelegates, member: people.name })
      .from(boardDelegates)
      .innerJoin(people, eq(people.id, boardDelegates.memberId))
      .where(eq(boardDelegates.id, delegation));
    if (!row) throw new Refusal("not_found", "There is no such delegation.");
    return { ...row.row, member: row.member };
  },
  may: mayEndDelegation,
  async run(tx, { subject, actor, now }) {
    const [ended] = await tx
      .update(boardDelegates)
      .set({ endedAt: now, endedBy: actor.id })
      .where(and(eq(boardDelegates.id, subject.id), isNull(boardDelegates.endedAt)))
      .returning({ id: boardDelegates.id });
    if (!ended) throw new Refusal("conflict", "Someone else took this delegation back a moment ago.");
    const delegate = await findPerson(tx, subject.delegateId);
    return {
      result: { id: subject.id },
      entry: {
        subject: { kind: "board", id: subject.id, ref: "board" },
        summary: `ended the time of ${delegate.name} in the seat of ${subject.member}`,
        body: { member: subject.memberId, delegate: subject.delegateId, until: subject.untilOn },
      },
    };
  },
});

/** The seat that a person's roles give; `everywhere`: only by roles that hold in every business unit. */
async function seatAnywhere(read: Reader, personId: string, everywhere = false) {
  const held = await read
    .select({ role: roleGrants.role })
    .from(roleGrants)
    .where(and(eq(roleGrants.personId, personId), everywhere ? isNull(roleGrants.businessUnitId) : undefined));
  return seatOf(held.map((g) => g.role));
}

/** Who stands in for a person on any of these days, and for whom the person does; by name. */
async function named(tx: Tx, personId: string, from: Day, until: Day) {
  const { rows } = await tx.execute<{ member_id: string; member: string; delegate: string }>(sql`
    select d.member_id, m.name as member, e.name as delegate
    from board_delegate d join person m on m.id = d.member_id join person e on e.id = d.delegate_id
    where d.ended_at is null and d.from_on <= ${until}::date and d.until_on >= ${from}::date
      and (d.member_id = ${personId}::uuid or d.delegate_id = ${personId}::uuid)`);
  return {
    delegate: rows.find((r) => r.member_id === personId)?.delegate ?? null,
    standsFor: rows.find((r) => r.member_id !== personId)?.member ?? null,
  };
}
