/** Vocabulary of releases and the gate. */
export const releaseStatuses = ["open", "allowed", "released", "rejected", "withdrawn", "superseded"] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

/** One reason of a gate answer: code, sentence, who can unblock it and where. */
export type GateReason = {
  code: string;
  text: string;
  unblock: string;
  who: string;
  link: string;
};
