import { nameDelegate } from "@/lib/board/name-delegate";
import { dayOf } from "@/lib/core/business-days";
import { addItem } from "@/lib/meetings/agenda";
import { joinMeeting } from "@/lib/meetings/attend";
import { saveNotes, takeUpItem } from "@/lib/meetings/discuss";
import { closeMeeting, openMeeting } from "@/lib/meetings/hold";
import { publishMinutes, saveMinutes } from "@/lib/meetings/keep-minutes";
import { meetingGet, meetingList } from "@/lib/meetings/queries";
import { createSeries } from "@/lib/meetings/series";
import { findReviews } from "@/lib/reviews/list";
import { hesse } from "./data/holidays";
import { addressOf } from "./personas";
import type { World } from "./world";

const chair = "Ingrid Solberg";
const present = ["Tomasz Wieczorek", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist"] as const;

/** What was said about a review at the last meeting, by its model. */
const said: Readonly<Record<string, string>> = {
  "motor-photo-damage":
    "Tomasz asked how a total loss is told from heavy damage in the rain. Daniel shows the slice of night and rain pictures before the vote is closed.",
  "invoice-extraction-llm":
    "Noor wants the wordings of suppliers treated as hostile input. The owner answers the finding; the vote stays open.",
};

/** A board that meets on Tuesdays: last week's meeting with its minutes, the next one with an agenda. */
export function planMeetings(world: World): void {
  const off = new Set(hesse.map((line) => line.slice(0, 10)));
  const held = (ago: number) => world.before(ago).getUTCDay() === 2 && !off.has(dayOf(world.before(ago)));
  const tuesday = Array.from({ length: 21 }, (_, i) => i + 1).find(held) ?? 7;
  let last = "";
  const waiting = async () =>
    (await findReviews(world.as(chair), { status: "in_review", lane: "full_board", limit: 50 })).items.filter(
      (r) => r.model in said,
    );

  world.plan(world.before(tuesday + 10, 9), "begin the board's series of meetings", async () => {
    const { meetings } = await createSeries(world.as(chair), {
      name: "Review board",
      rule: "weekly",
      startsOn: dayOf(world.before(tuesday)),
      time: "10:00",
      zone: "Europe/Oslo",
      minutes: 90,
      place: "Room Fjord, and the usual link",
    });
    last = meetings[0] ?? "";
  });
  world.plan(world.before(tuesday, 7), "the agenda of the last meeting", async () => {
    for (const review of (await waiting()).slice(0, 2))
      await addItem(world.as(chair), { ref: last, review: review.ref });
    await addItem(world.as("Tomasz Wieczorek"), {
      ref: last,
      kind: "policy",
      title: "Naming of models, second reading",
      text: "One name in the registry, the inventory and the alerts.",
    });
  });
  world.plan(world.before(tuesday, 9), "the last meeting", async () => {
    await openMeeting(world.as(chair), { ref: last });
    for (const name of present) await joinMeeting(world.as(name), { ref: last });
  });
  let before: string | null = null;
  for (const n of [0, 1, 2]) {
    world.plan(world.before(tuesday, 9, 5 + n * 22), `item ${n + 1} of the last meeting`, async () => {
      const { items } = await meetingGet(world.as(chair), { ref: last });
      const item = items[n];
      if (!item) return;
      await takeUpItem(world.as(chair), { ref: last, item: item.id, current: before });
      before = item.id;
      await saveNotes(world.as("Tomasz Wieczorek"), {
        ref: last,
        item: item.id,
        revision: 0,
        notes:
          said[item.review?.model ?? ""] ?? "Agreed: the registry's name counts. Old names stay as aliases for a year.",
      });
    });
  }
  world.plan(world.before(tuesday, 10, 20), "close the last meeting", async () => {
    await closeMeeting(world.as(chair), { ref: last });
  });
  world.plan(world.before(tuesday, 14), "publish the minutes", async () => {
    const summary =
      "The naming standard is agreed. Both reviews go on: their votes are open until the owners have answered.";
    const { revision } = await saveMinutes(world.as(chair), { ref: last, revision: 1, summary, texts: {} });
    await publishMinutes(world.as(chair), { ref: last, revision });
  });
  world.plan(world.before(0, world.today.getUTCHours()), "the agenda of the next meeting", async () => {
    const { items } = await meetingList(world.as(chair), { limit: 1 });
    const next = items.find((m) => m.status === "planned");
    if (!next) return;
    for (const review of await waiting()) await addItem(world.as(chair), { ref: next.ref, review: review.ref });
    await addItem(world.as("Tomasz Wieczorek"), {
      ref: next.ref,
      kind: "office_hours",
      title: "Office hours: bring a draft",
    });
    await nameDelegate(world.as("Amara Okafor"), {
      delegate: addressOf("Henrik Dahl"),
      from: dayOf(new Date(world.today.getTime() + 20 * 86_400_000)),
      until: dayOf(new Date(world.today.getTime() + 25 * 86_400_000)),
      reason: "Away at the supervisor's inspection",
    });
  });
}
