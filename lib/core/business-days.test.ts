import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addBusinessDays,
  businessDaysBefore,
  businessDaysBetween,
  dayOf,
  isWorking,
  mondayToFriday,
  nextDay,
} from "./business-days";

test("ten business days from a Friday end on the Friday two weeks later", () => {
  expect(addBusinessDays("2026-11-20", 10)).toBe("2026-12-04");
});

test("a holiday moves the promise by one day", () => {
  expect(addBusinessDays("2026-12-23", 2, { ...mondayToFriday, holidays: new Set(["2026-12-25"]) })).toBe("2026-12-28");
});

test.each([
  ["2026-11-20", "2026-11-23", 1],
  ["2026-11-20", "2026-11-20", 0],
  ["2026-11-21", "2026-11-23", 1],
  ["2026-11-23", "2026-11-20", -1],
  ["2026-11-20", "2026-12-04", 10],
])("from %s to %s lie %i business days", (from, to, days) => {
  expect(businessDaysBetween(from, to)).toBe(days);
});

test("counted at once it is what comes of going from day to day, in any week and with any holidays", () => {
  const day = fc.date({ min: new Date("1969-01-01"), max: new Date("2031-12-31"), noInvalidDate: true }).map(dayOf);
  const week = fc.record({
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }).map((days) => new Set(days)),
    holidays: fc.array(day, { maxLength: 40 }).map((days) => new Set(days)),
  });
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 120 }), week, (from, span, calendar) => {
      let to = from;
      let working = 0;
      for (let i = 0; i < span; i++) {
        to = nextDay(to);
        if (isWorking(to, calendar)) working++;
      }
      expect(businessDaysBetween(from, to, calendar)).toBe(working);
      expect(businessDaysBetween(to, from, calendar)).toBe(0 - working);
    }),
  );
});

test("papers are due so many business days before, and a holiday is none", () => {
  expect(businessDaysBefore("2026-03-10", 2)).toBe("2026-03-06");
  expect(businessDaysBefore("2026-03-10", 0)).toBe("2026-03-10");
  expect(
    businessDaysBefore("2026-04-07", 1, { ...mondayToFriday, holidays: new Set(["2026-04-03", "2026-04-06"]) }),
  ).toBe("2026-04-02");
});
