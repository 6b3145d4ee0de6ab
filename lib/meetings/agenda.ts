import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { agendaItems } from "@/db/schema/meetings";
import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { reviewNamed } from "@/lib/reviews/load";
import { statusName } from "@/lib/reviews/review";
import { insistRevision, lockedMeeting, type Meeting, meetingSubject, touch } from "./load";
import { AddItem, boxOf, ChangeItem, FillAgenda, mayChangeAgenda, OrderAgenda, RemoveItem } from "./meeting";
import { isLate } from "./slots";

type Revised = { ref: string; revision: number };
type Filled = { ref: string; added: string[]; unfit: string[] };
type NewItem = Pick<typeof agendaItems.$inferInsert, "kind" | "reviewId" | "round" | "title" | "text" | "minutes">;

/** Puts items at the end, and marks them late after the day by which papers are read. */
async function append(tx: Tx, meeting: Meeting, items: readonly NewItem[], actor: Actor, now: Date): Promise<string[]> {
  const late = isLate(now, meeting.zone, meeting.preReadOn);
  const [last] = await tx
    .select({ n: sql<number>`coalesce(max(${agendaItems.position}), 0)` })
    .from(agendaItems)
    .where(eq(agendaItems.meetingId, meeting.id));
  const rows = items.map((item, i) => ({
    ...item,
    id: newId(),
    meetingId: meeting.id,
    position: (last?.n ?? 0) + i + 1,
    addedBy: actor.id,
    addedAt: now,
    late,
  }));
  await tx.insert(agendaItems).values(rows);
  return rows.map((row) => row.id);
}

export const addItem = command({
  name: "meeting.item.added",
  title: "Put something on the agenda of a meeting",
  http: { method: "POST", path: "/meetings/{ref}/items", status: 201 },
  input: AddItem,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangeAgenda,
  async run(tx, { input, subject: meeting, actor, now }) {
    const item = input.review
      ? await reviewItem(tx, meeting, input.review, actor)
      : { kind: input.kind, title: input.title ?? "", minutes: boxOf(input.kind) };
    const full = { ...item, text: input.text, minutes: input.minutes ?? item.minutes };
    const [id = ""] = await append(tx, meeting, [full], actor, now);
    const revision = await touch(tx, meeting, actor, now);
    return {
      result: { ref: meeting.ref, item: id, revision },
      entry: {
        subject: meetingSubject(meeting),
        summary: `put ${input.review ? input.review.toUpperCase() : `“${full.title}”`} on the agenda of ${meeting.ref}`,
        body: { item: id, ...full },
      },
    };
  },
});

async function reviewItem(tx: Tx, meeting: Meeting, ref: string, actor: Actor) {
  const review = await reviewNamed(tx, ref);
  const refuse = (message: string) => new Refusal("conflict", message, [{ field: "review", message }]);
  if (!holds(actor, "reviews:read", review.unitId)) throw new Refusal("not_found", `There is no review ${ref}.`);
  if (review.status !== "in_review")
    throw refuse(`${review.ref} is ${statusName[review.status].toLowerCase()}; only what is in review is discussed.`);
  const { rows } = await tx.execute<{ ref: string }>(sql`
    select m.ref from agenda_item i join meeting m on m.id = i.meeting_id
    where i.review_id = ${review.id} and m.status in ('planned', 'open') limit 1`);
  if (rows[0])
    throw refuse(
      `${review.ref} is on the agenda of ${rows[0].ref === meeting.ref ? "this meeting already" : rows[0].ref}.`,
    );
  return {
    kind: "review" as const,
    reviewId: review.id,
    round: review.round,
    title: review.row.title,
    minutes: boxOf("review", review.tier),
  };
}

type Waiting = { id: string; ref: string; round: number; title: string; tier: number | null };

/** Full-board reviews that wait and are on no agenda, the first promised first, as far as the time reaches. */
export const fillAgenda = command({
  name: "meeting.agenda.filled",
  title: "Fill the agenda of a meeting from the queue",
  http: { method: "POST", path: "/meetings/{ref}/agenda" },
  input: FillAgenda,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangeAgenda,
  async run(tx, { subject: meeting, actor, now }): Promise<Done<Filled> | Unchanged<Filled>> {
    const { rows: waiting } = await tx.execute<Waiting>(sql`
      select r.id, r.ref, r.round, r.title, m.tier from review r join model m on m.id = r.model_id
      where r.status = 'in_review' and r.lane = 'full_board' and not exists (
        select 1 from agenda_item i join meeting g on g.id = i.meeting_id
        where i.review_id = r.id and (g.status in ('planned', 'open') or g.id = ${meeting.id}))
      order by r.promised_on nulls last, r.id limit 100`);
    const { rows: used } = await tx.execute<{ n: number }>(
      sql`select coalesce(sum(minutes), 0)::int as n from agenda_item where meeting_id = ${meeting.id}`,
    );
    let left = meeting.minutes - (used[0]?.n ?? 0);
    const added: Waiting[] = [];
    for (const review of waiting) {
      const box = boxOf("review", review.tier);
      if (box > left) continue;
      left -= box;
      added.push(review);
    }
    const unfit = waiting.filter((r) => !added.includes(r)).map((r) => r.ref);
    const result = { ref: meeting.ref, added: added.map((r) => r.ref), unfit };
    if (added.length === 0) return { unchanged: result };
    await append(
      tx,
      meeting,
      added.map((r) => ({
        kind: "review",
        reviewId: r.id,
        round: r.round,
        title: r.title,
        text: "",
        minutes: boxOf("review", r.tier),
      })),
      actor,
      now,
    );
    await touch(tx, meeting, actor, now);
    return {
      result,
      entry: {
        subject: meetingSubject(meeting),
        summary: `filled the agenda of ${meeting.ref} from the queue: ${result.added.join(", ")}`,
        body: result,
      },
    };
  },
});

export const removeItem = command({
  name: "meeting.item.removed",
  title: "Take something off the agenda of a meeting",
  http: { method: "DELETE", path: "/meetings/{ref}/items/{item}" },
  input: RemoveItem,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangeAgenda,
  async run(tx, { input, subject: meeting, actor, now }): Promise<Done<Revised> | Unchanged<Revised>> {
    insistRevision(meeting, input.revision);
    const item = await itemOf(tx, meeting, input.item);
    if (item.state !== "waiting")
      throw new Refusal(
        "conflict",
        `“${item.title}” was taken up already, so it stays on the agenda and in the minutes.`,
      );
    await tx.delete(agendaItems).where(eq(agendaItems.id, item.id));
    const revision = await touch(tx, meeting, actor, now);
    return {
      result: { ref: meeting.ref, revision },
      entry: {
        subject: meetingSubject(meeting),
        summary: `took “${item.title}” off the agenda of ${meeting.ref}`,
        body: { ...item, addedAt: item.addedAt.toISOString() },
      },
    };
  },
});

export const changeItem = command({
  name: "meeting.item.changed",
  title: "Give an agenda item more or less time",
  http: { method: "PATCH", path: "/meetings/{ref}/items/{item}" },
  input: ChangeItem,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangeAgenda,
  async run(tx, { input, subject: meeting, actor, now }): Promise<Done<Revised> | Unchanged<Revised>> {
    insistRevision(meeting, input.revision);
    const item = await itemOf(tx, meeting, input.item);
    if (item.minutes === input.minutes) return { unchanged: { ref: meeting.ref, revision: meeting.revision } };
    await tx.update(agendaItems).set({ minutes: input.minutes }).where(eq(agendaItems.id, item.id));
    const revision = await touch(tx, meeting, actor, now);
    return {
      result: { ref: meeting.ref, revision },
      entry: {
        subject: meetingSubject(meeting),
        summary: `gave “${item.title}” ${input.minutes} minutes in ${meeting.ref}`,
        body: { item: item.id, from: item.minutes, to: input.minutes },
      },
    };
  },
});

export const orderAgenda = command({
  name: "meeting.agenda.ordered",
  title: "Put the agenda of a meeting in order",
  http: { method: "PUT", path: "/meetings/{ref}/agenda/order" },
  input: OrderAgenda,
  load: (tx, { ref }) => lockedMeeting(tx, ref),
  may: mayChangeAgenda,
  async run(tx, { input, subject: meeting, actor, now }): Promise<Done<Revised> | Unchanged<Revised>> {
    insistRevision(meeting, input.revision);
    const before = await tx
      .select({ id: agendaItems.id })
      .from(agendaItems)
      .where(eq(agendaItems.meetingId, meeting.id))
      .orderBy(agendaItems.position);
    const known = new Set(before.map((i) => i.id));
    if (
      input.items.length !== known.size ||
      new Set(input.items).size !== known.size ||
      !input.items.every((i) => known.has(i))
    )
      throw new Refusal("invalid", "Name every item of the agenda once.", [
        { field: "items", message: "Not exactly the items of the agenda." },
      ]);
    if (before.every((item, i) => item.id === input.items[i]))
      return { unchanged: { ref: meeting.ref, revision: meeting.revision } };
    await tx.execute(sql`
      update agenda_item i set position = o.n
      from unnest(${`{${input.items.join(",")}}`}::uuid[]) with ordinality o (id, n)
      where i.id = o.id and i.meeting_id = ${meeting.id}`);
    const revision = await touch(tx, meeting, actor, now);
    return {
      result: { ref: meeting.ref, revision },
      entry: {
        subject: meetingSubject(meeting),
        summary: `put the agenda of ${meeting.ref} in another order`,
        body: { before: before.map((i) => i.id), after: input.items },
      },
    };
  },
});

async function itemOf(tx: Tx, meeting: Meeting, id: string) {
  const [item] = await tx
    .select()
    .from(agendaItems)
    .where(and(eq(agendaItems.id, id), eq(agendaItems.meetingId, meeting.id)));
  if (!item) throw new Refusal("not_found", `${meeting.ref} has no such item; someone may have taken it off.`);
  return item;
}
