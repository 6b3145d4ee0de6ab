import { businessDaysBetween, type Day } from "@/lib/core/business-days";

/** What an item asks for; also the order of the groups after Overdue. */
export const asks = ["decide", "sign", "answer", "condition", "claim"] as const;
export type Ask = (typeof asks)[number];

/** One thing that waits on someone: what, why it is theirs, by when, and the one action. */
export type QueueItem = {
  ref: string;
  href: string;
  title: string;
  model: string | null;
  /** Why it is this reader's: one clause. */
  why: string;
  ask: Ask;
  /** Lane or environment, and the line below it. */
  lane: string;
  promise: string;
  /** Promised or due day; null where none was promised. */
  due: Day | null;
  /** What is left of it in the calendar of the promise; where left out, Monday to Friday are counted. */
  owed?: { daysLeft: number | null; late: boolean };
  /** When it began to wait; orders what has no promise. */
  since: string;
  action: string;
};

/** How many of a kind a queue lists at most, the nearest promise or the longest wait first. */
export const mostOfAKind = 300;

export const groups = ["overdue", ...asks] as const;
export type Group = (typeof groups)[number];

export const groupName: Record<Group, string> = {
  overdue: "Overdue",
  decide: "Decide",
  sign: "Sign",
  answer: "Answer",
  condition: "Conditions due",
  claim: "Without an owner",
};

export type Grouped = { group: Group; items: (QueueItem & { left: number | null })[] };

/** Items in their groups, each once: overdue first, then by what they ask; within a group by promise, oldest first. */
export function grouped(items: readonly QueueItem[], today: Day): Grouped[] {
  const timed = items.map((item) => ({
    ...item,
    left: item.owed ? item.owed.daysLeft : item.due === null ? null : businessDaysBetween(today, item.due),
  }));
  const order = (item: QueueItem) => `${item.due ?? "9999-12-31"} ${item.since}`;
  return groups
    .map((group) => ({
      group,
      items: timed
        .filter((item) => (isOver(item, today) ? "overdue" : item.ask) === group)
        .sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    }))
    .filter((g) => g.items.length > 0);
}

// A promise broken over a weekend is broken by no business day yet, and broken all the same.
const isOver = (item: QueueItem, today: Day): boolean =>
  item.owed ? item.owed.late : item.due !== null && item.due < today;

const numerals = [
  "No",
  "One",
  "Two",
  "Three",
  "Four",
  "Five",
  "Six",
  "Seven",
  "Eight",
  "Nine",
  "Ten",
  "Eleven",
  "Twelve",
];
const count = (n: number): string => numerals[n] ?? n.toLocaleString("en-GB");

/** "Eleven things wait on you. Two are past the promised date." */
export function sayQueue(items: readonly QueueItem[], today: Day, whose: "me" | "board"): string {
  const n = items.length;
  const on = whose === "me" ? "you" : "this board";
  if (n === 0) return `Nothing waits on ${on}.`;
  const over = items.filter((item) => isOver(item, today)).length;
  const first = `${count(n)} ${n === 1 ? "thing waits" : "things wait"} on ${on}.`;
  if (over === 0) return `${first} None is past its promised date.`;
  return `${first} ${count(over)} ${over === 1 ? "is" : "are"} past the promised date.`;
}
