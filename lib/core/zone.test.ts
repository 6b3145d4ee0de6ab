import { expect, test } from "vitest";
import { isZone, localOf } from "./zone";
import { instantOf } from "./zone-instant";

test("local time holds through the changes of the clocks, in two zones that change on different days", () => {
  const at = (day: string, zone: string) => instantOf(day, "10:00", zone).toISOString();
  // Oslo goes to summer time on 29 March 2026, New York on 8 March; back on 25 October and 1 November.
  expect(at("2026-03-27", "Europe/Oslo")).toBe("2026-03-27T09:00:00.000Z");
  expect(at("2026-03-30", "Europe/Oslo")).toBe("2026-03-30T08:00:00.000Z");
  expect(at("2026-10-26", "Europe/Oslo")).toBe("2026-10-26T09:00:00.000Z");
  expect(at("2026-03-06", "America/New_York")).toBe("2026-03-06T15:00:00.000Z");
  expect(at("2026-03-09", "America/New_York")).toBe("2026-03-09T14:00:00.000Z");
  expect(at("2026-11-02", "America/New_York")).toBe("2026-11-02T15:00:00.000Z");
  // On the day itself, before and after.
  expect(instantOf("2026-03-29", "01:00", "Europe/Oslo").toISOString()).toBe("2026-03-29T00:00:00.000Z");
  expect(instantOf("2026-03-29", "23:30", "Europe/Oslo").toISOString()).toBe("2026-03-29T21:30:00.000Z");
});

test("an hour that does not exist moves forward, one that comes twice is the first", () => {
  expect(instantOf("2026-03-29", "02:30", "Europe/Oslo").toISOString()).toBe("2026-03-29T01:30:00.000Z");
  expect(localOf(new Date("2026-03-29T01:30:00Z"), "Europe/Oslo")).toEqual({ day: "2026-03-29", time: "03:30" });
  expect(instantOf("2026-10-25", "02:30", "Europe/Oslo").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-11-01", "01:30", "America/New_York").toISOString()).toBe("2026-11-01T05:30:00.000Z");
});

test("hours of a whole year comes back as it was, in zones of all kinds", () => {
  for (const zone of ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "UTC"]) {
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 5 * 3_600_000) {
      const { day, time } = localOf(new Date(ms), zone);
      const back = instantOf(day, time, zone);
      // The second of two equal hours comes back as the first; all others as themselves.
      if (back.getTime() !== ms) expect(localOf(back, zone), `${zone} ${day} ${time}`).toEqual({ day, time });
    }
  }
});

test("a zone is a place or UTC, not an offset or a made-up name", () => {
  expect(["Europe/Oslo", "America/Argentina/Buenos_Aires", "UTC"].every(isZone)).toBe(true);
  expect(["+01:00", "Mars/Base", "CET ", "", "../etc"].some(isZone)).toBe(false);
});
