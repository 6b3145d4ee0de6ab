import { expect, test } from "vitest";
import { type Ballot, type Member, outcomeLacks, seatOf, tally } from "./quorum";
import type { Choice, Seat } from "./review";

const member = (seat: Seat, n = 1): Member => ({ personId: `${seat}${n}`, name: `${seat} ${n}`, seat });
const board = (["chair", "model_risk", "security", "privacy", "compliance", "architecture", "operations"] as const).map(
  (s) => member(s),
);
const vote = (seat: Seat, choice: Choice, n = 1): Ballot => ({ ...member(seat, n), choice });

test("a person with several roles takes one seat", () => {
  expect(seatOf(["architect", "board_chair"])).toBe("chair");
  expect(seatOf(["board_member", "model_risk"])).toBe("model_risk");
  expect(seatOf(["contributor", "admin"])).toBeNull();
});

test("half of the seats is not enough without the chair and security", () => {
  const t = tally("full_board", 2, board, [
    vote("privacy", "approve"),
    vote("architecture", "approve"),
    vote("operations", "approve"),
    vote("compliance", "approve"),
  ]);
  expect(t).toMatchObject({ base: 7, needed: 4, present: 4, quorate: false });
  expect(t.lacks).toEqual([
    "The chair seat has not voted; wait for chair 1.",
    "The security seat has not voted; wait for security 1.",
  ]);
});

test("tier 1 also needs model risk", () => {
  const votes = [
    vote("chair", "approve"),
    vote("security", "approve"),
    vote("privacy", "approve"),
    vote("architecture", "approve"),
  ];
  expect(tally("full_board", 2, board, votes).quorate).toBe(true);
  expect(tally("full_board", 1, board, votes).lacks).toEqual([
    "The model risk seat has not voted; wait for model_risk 1.",
  ]);
});

test("recused people and parties leave the base, and their vote does not count", () => {
  const without = board.filter((m) => m.seat !== "privacy" && m.seat !== "operations");
  const t = tally("full_board", 3, without, [
    vote("chair", "approve"),
    vote("security", "approve"),
    vote("architecture", "approve"),
    vote("privacy", "reject"),
  ]);
  expect(t).toMatchObject({ base: 5, present: 3, quorate: true, against: 0 });
});

test("a seat that nobody can take is named", () => {
  const t = tally(
    "full_board",
    3,
    board.filter((m) => m.seat !== "security"),
    [],
  );
  expect(t.lacks[1]).toContain("Nobody can take the security seat");
});

test("two members of one seat who differ leave it split; five of one seat weigh one", () => {
  const members = [...board, member("architecture", 2)];
  const t = tally("full_board", 3, members, [
    vote("chair", "reject"),
    vote("security", "reject"),
    vote("architecture", "approve"),
    vote("architecture", "approve", 2),
    vote("privacy", "approve"),
  ]);
  expect(t).toMatchObject({ for: 2, against: 2, present: 4 });
  const split = tally("full_board", 3, members, [vote("architecture", "approve"), vote("architecture", "reject", 2)]);
  expect(split).toMatchObject({ for: 0, against: 0, abstained: 1 });
});

test("ties fail", () => {
  const t = tally("full_board", 3, board, [
    vote("chair", "approve"),
    vote("security", "approve"),
    vote("privacy", "reject"),
    vote("architecture", "reject"),
  ]);
  expect(t.quorate).toBe(true);
  expect(outcomeLacks("approved", t, 0).join()).toContain("a tie fails");
  expect(outcomeLacks("rejected", t, 0)).toEqual([]);
});

test("a majority that agrees only with conditions carries no plain approval", () => {
  const t = tally("full_board", 3, board, [
    vote("chair", "approve_with_conditions"),
    vote("security", "approve_with_conditions"),
    vote("privacy", "approve"),
    vote("architecture", "approve"),
  ]);
  expect(outcomeLacks("approved", t, 0)).toEqual(["A majority agrees only with conditions; record “with conditions”."]);
  expect(outcomeLacks("approved_with_conditions", t, 1)).toEqual([]);
  expect(outcomeLacks("approved_with_conditions", t, 0)).toEqual(["Add at least one condition, or approve without."]);
  expect(outcomeLacks("rejected", t, 0).join()).toContain("carry an approval");
});

test("security's veto stops a tier 1 approval, and only there", () => {
  const votes = [
    vote("chair", "approve"),
    vote("security", "reject"),
    vote("model_risk", "approve"),
    vote("architecture", "approve"),
    vote("privacy", "approve"),
  ];
  expect(outcomeLacks("approved", tally("full_board", 1, board, votes), 0)).toEqual([
    "Security rejects, and holds a veto for tier 1. Resolve the objection or escalate.",
  ]);
  expect(outcomeLacks("approved", tally("full_board", 2, board, votes), 0)).toEqual([]);
  expect(outcomeLacks("rejected", tally("full_board", 1, board, votes), 0)).toEqual([]);
});

test("fast track needs one of the domain and one of security or risk", () => {
  expect(
    tally("fast_track", 2, board, [vote("architecture", "approve"), vote("operations", "approve")]).lacks,
  ).toHaveLength(1);
  expect(tally("fast_track", 2, board, [vote("architecture", "approve"), vote("security", "approve")]).quorate).toBe(
    true,
  );
  expect(tally("fast_track", 2, board, [vote("architecture", "abstain"), vote("security", "approve")]).quorate).toBe(
    false,
  );
});

test("an emergency needs any two people", () => {
  expect(tally("emergency", 1, board, [vote("architecture", "approve")]).lacks).toEqual(["One more person must vote."]);
  expect(tally("emergency", 1, board, [vote("architecture", "approve"), vote("security", "approve")]).quorate).toBe(
    true,
  );
});

test("a deferral decides nothing and needs no votes", () => {
  expect(outcomeLacks("deferred", tally("full_board", 1, board, []), 0)).toEqual([]);
});
