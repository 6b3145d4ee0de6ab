/**
 * Reasons that no waiting clears for the same question, each with why; whoever waits for an allow stops here. Every other reason,
 * those of a policy's own checks included, is a state of the world that somebody's work or a sync can change: a signature, a
 * measured version, a condition that is met. A gate answer says so as `final`.
 */
export const finalReasons = {
  WRONG_ENVIRONMENT: "no policy covers the environment",
  PROHIBITED: "no signature can release a prohibited practice",
  DIGEST_MISMATCH: "the artefact is not the registered one, and its bytes will not change",
  APPROVAL_REJECTED: "a person decided against it",
} as const satisfies Record<string, string>;

/** Whether an answer with these reasons stays a deny however long one waits. */
export const isFinal = (reasons: readonly { code: string }[]): boolean =>
  reasons.some(({ code }) => Object.hasOwn(finalReasons, code));
