import { mandatory, vetoSeats } from "@/lib/reviews/quorum";
import { type Lane, laneName, lanePromise, lanes, type Seat, seatName } from "@/lib/reviews/review";

/** Who decides in a lane, in words. The figures and seats are those that the rules count with. */
export type DecisionRight = { lane: Lane; name: string; promise: string; who: string; needs: string };

const list = (seats: readonly Seat[]): string => {
  const names = seats.map((seat) => seatName[seat].toLowerCase());
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
};

const always = mandatory(null);
const tier1 = mandatory(1).filter((seat) => !always.includes(seat));

/** Quorum and majority of the full board (governance.md section 6.4). */
const boardNeeds = `Quorum: ${list(always)}${tier1.length > 0 ? `, for tier 1 also ${list(tier1)}` : ""}, and at least half of the seats that count. More than half of the seats present carry it; a tie fails. For tier 1 a rejection by ${list(vetoSeats).replace(" and ", " or ")} stops it.`;

const told: Record<Lane, { who: string; needs: string }> = {
  self_service: {
    who: "The portal, by its rules",
    needs: "Every check passes. One decision in ten is drawn for a later look by people.",
  },
  fast_track: {
    who: "Two reviewers, apart from each other",
    needs: "One of architecture, operations or the chair; one of security, privacy, compliance or model risk.",
  },
  full_board: { who: "The board, by vote", needs: boardNeeds },
  emergency: { who: "Any two members of the board", needs: "Two votes; the board looks at it again afterwards." },
};

const sayPromise = (days: number): string =>
  days === 0 ? "The same day" : `${days} business ${days === 1 ? "day" : "days"}`;

export const decisionRights: readonly DecisionRight[] = lanes.map((lane) => ({
  lane,
  name: laneName[lane],
  promise: sayPromise(lanePromise[lane]),
  ...told[lane],
}));

/** What holds in every lane. */
export const rightsEverywhere: readonly string[] = [
  "Whoever has a stake (author, submitter, the model's owners, authors of its decision record) neither votes nor decides.",
  "A recused member's seat leaves the quorum, with its delegate.",
  "A delegate reads what the seat reads and votes in it until the member does; nobody counts twice, and a delegate names no delegate.",
  "Silence is not yes: a seat that did not vote is not present.",
  "A rejection needs its reason, which stays on record as dissent.",
  "The chair records the decision; it cannot differ from what the votes carry.",
];
