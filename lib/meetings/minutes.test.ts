import { expect, test } from "vitest";
import { apartFrom } from "./minutes";

test("what was done apart from the meeting is told from what was done in it", () => {
  const meeting = { openedAt: "2026-03-02T09:00:00.000Z", closedAt: "2026-03-02T10:30:00.000Z" };
  expect(apartFrom(meeting, "2026-02-27T12:00:00.000Z")).toBe("before the meeting");
  expect(apartFrom(meeting, meeting.openedAt)).toBeNull();
  expect(apartFrom(meeting, "2026-03-02T10:29:59.999Z")).toBeNull();
  expect(apartFrom(meeting, "2026-03-02T10:30:00.001Z")).toBe("after the meeting");
  // Minutes that were published before it was kept say nothing of it.
  expect(apartFrom(meeting, undefined)).toBeNull();
});
