import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { agendaItems } from "@/db/schema/meetings";
import { dayOf } from "@/lib/core/business-days";
import { Refusal } from "@/lib/core/refusal";
import { boardFor, delegationsOn, involved } from "@/lib/reviews/load";
import { seated } from "@/lib/reviews/quorum";
import type { ItemSubject, LiveSubject } from "./live";
import { lockedMeeting, type Meeting, meetingSubject } from "./load";

export type LiveMeeting = Meeting & LiveSubject;

/** A meeting with who may sit in it today, as the rules of holding it see it. */
export async function withSeats(read: Reader, meeting: Meeting, now: Date): Promise<LiveMeeting> {
  const [all, delegations, { rows }] = await Promise.all([
    boardFor(read, null),
    delegationsOn(read, dayOf(now)),
    read.execute<{ chair: string; leader: string | null }>(sql`
      select c.name as chair, l.name as leader from meeting m join person c on c.id = m.chair_id
        left join person l on l.id = m.led_by where m.id = ${meeting.id}`),
  ]);
  const seats = seated(all, delegations, new Set()).members.map((m) => ({
    personId: m.personId,
    seat: m.seat,
    for: m.standsFor?.personId ?? null,
  }));
  return { ...meeting, chair: rows[0]?.chair ?? "", leader: rows[0]?.leader ?? null, seats };
}

/** The same, locked. */
export const lockedLive = async (tx: Tx, ref: string, now: Date) => withSeats(tx, await lockedMeeting(tx, ref), now);

export type ItemRow = typeof agendaItems.$inferSelect;
/** `unitId` and `modelId`: of its review's model; undefined if it is no review. */
export type LiveItem = ItemRow & ItemSubject & { unitId?: string | null; modelId?: string };

/** The entry belongs to the model's history, and is read by whoever may read about it. */
export const about = (meeting: Meeting, item: LiveItem) => ({
  subject: meetingSubject(meeting),
  ...(item.modelId ? { modelId: item.modelId } : {}),
});

/** An item with who has a stake in it. */
export async function itemWithStakes(read: Reader, item: ItemRow): Promise<LiveItem> {
  const [{ rows }, stakes] = await Promise.all([
    read.execute<{ ref: string | null; unit: string | null; model: string | null; leader: string | null }>(sql`
      select r.ref, m.business_unit_id as unit, m.id as model, p.name as leader from agenda_item i
        left join review r on r.id = i.review_id left join model m on m.id = r.model_id left join person p on p.id = i.led_by where i.id = ${item.id}`),
    item.reviewId ? involved(read, item.reviewId) : null,
  ]);
  const { ref, unit, model, leader } = rows[0] ?? {};
  return {
    ...item,
    itemLeader: leader ?? null,
    review: ref && stakes ? { ref, partyIds: stakes.parties, recusedIds: stakes.recused } : null,
    ...(model ? { unitId: unit ?? null, modelId: model } : {}),
  };
}

export async function lockedItem(tx: Tx, ref: string, id: string, now: Date) {
  const meeting = await lockedLive(tx, ref, now);
  const [row] = await tx
    .select()
    .from(agendaItems)
    .where(and(eq(agendaItems.id, id), eq(agendaItems.meetingId, meeting.id)));
  if (!row) throw new Refusal("not_found", `${meeting.ref} has no such item; someone may have taken it off.`);
  return { meeting, item: await itemWithStakes(tx, row) };
}
