import { expect, test } from "vitest";
import { sayWhen } from "./when-text";

const now = new Date("2026-11-21T10:00:00Z");
const say = (iso: string, show: Parameters<typeof sayWhen>[1]["show"], zone = "UTC") =>
  sayWhen(iso, { show, zone, now });

test("house formats, with the year only when it is not this one", () => {
  expect(say("2026-11-24T14:02:00Z", "day")).toBe("Tue 24 Nov");
  expect(say("2026-11-24T14:02:00Z", "date")).toBe("24 Nov");
  expect(say("2025-11-24T14:02:00Z", "date")).toBe("24 Nov 2025");
  expect(say("2026-11-24T00:05:00Z", "time")).toBe("00:05");
  expect(say("2026-11-24T14:02:00Z", "datetime")).toBe("24 Nov 14:02");
});

test("an instant is told in the reader's zone, a bare date is the same day everywhere", () => {
  expect(say("2026-11-24T23:30:00Z", "datetime", "Asia/Tokyo")).toBe("25 Nov 08:30");
  expect(say("2026-11-24", "day", "Pacific/Honolulu")).toBe("Tue 24 Nov");
  expect(say("2026-11-24", "relative", "Asia/Tokyo")).toBe("24 Nov");
});

test("relative turns into a date when it is long ago", () => {
  expect(say("2026-11-21T09:56:00Z", "relative")).toBe("4 min ago");
  expect(say("2026-11-20T10:00:00Z", "relative")).toBe("24 h ago");
  expect(say("2026-11-24T10:00:00Z", "relative")).toBe("in 3 days");
  expect(say("2026-10-02T10:00:00Z", "relative")).toBe("2 Oct");
  expect(say("not a date", "date")).toBe("unknown");
});
