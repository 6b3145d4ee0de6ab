import fc from "fast-check";
import { expect, test } from "vitest";
import { plainCalendar, workClock } from "@/lib/calendars/calendar";
import { clocks, type Span } from "./clocks";
import { reviewStatuses } from "./review";

const day = (n: number, hour = 9) => new Date(Date.UTC(2026, 2, n, hour));
const { minutes } = workClock(plainCalendar);

test("each desk's working time, without nights, weekends and the time after the decision", () => {
  // Monday 2 March 2026: a draft, then handed in at noon; back to the author on Tuesday at noon; again on Friday; decided on Monday.
  const spans: Span[] = [
    { status: "draft", from: day(2), to: day(2, 12) },
    { status: "in_review", from: day(2, 12), to: day(3, 12) },
    { status: "changes_requested", from: day(3, 12), to: day(6, 9) },
    { status: "in_review", from: day(6, 9), to: day(9, 11) },
    { status: "approved", from: day(9, 11), to: null },
  ];
  expect(clocks(spans, day(30), minutes)).toEqual({
    board: 8 * 60 + 8 * 60 + 2 * 60,
    submitter: 5 * 60 + 2 * 8 * 60,
    total: 18 * 60 + 21 * 60,
  });
});

test("an open review's clock runs until now", () => {
  const spans: Span[] = [{ status: "in_review", from: day(2), to: null }];
  expect(clocks(spans, day(2, 11), minutes)).toEqual({ board: 120, submitter: 0, total: 120 });
});

test("the two desks sum to the total, which is all working time from the first submission to the end", () => {
  const open = reviewStatuses.filter((s) => ["in_review", "changes_requested", "deferred"].includes(s));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...open), fc.integer({ min: 1, max: 20_000 })), {
        minLength: 1,
        maxLength: 12,
      }),
      (steps) => {
        let at = day(2);
        const spans = steps.map(([status, length]): Span => {
          const from = at;
          at = new Date(from.getTime() + length * 60_000);
          return { status, from, to: at };
        });
        const { board, submitter, total } = clocks(spans, at, minutes);
        expect(board + submitter).toBe(total);
        expect(total).toBeCloseTo(minutes(day(2), at), 6);
      },
    ),
  );
});
