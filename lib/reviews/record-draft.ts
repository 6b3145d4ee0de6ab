import { type Outcome, outcomeLeadsTo, statusName } from "./review";
import type { Submission } from "./submission";

/** What a draft record is made of: the review as it is read, with its latest decision. */
export type Reviewed = {
  ref: string;
  title: string;
  models: readonly { name: string }[];
  submission: Submission;
  decision: {
    outcome: Outcome;
    rationale: string;
    decidedAt: Date;
    /** Names of those who decided. */
    deciders: readonly string[];
    validUntil: string | null;
  };
  conditions: readonly { ref: string; text: string; dueOn: string }[];
};

/** One line of a list; a person's line breaks would end it. */
const item = (text: string) => `- ${text.replaceAll(/\s+/g, " ").trim()}`;
/** A scalar of the front matter, quoted whatever it holds. */
const quoted = (text: string) => JSON.stringify(text);
const list = (items: readonly string[], none: string) => (items.length === 0 ? item(none) : items.map(item).join("\n"));

/**
 * A decision record in MADR 4, begun from what a review says and what the board decided, for its author to finish. What the
 * submission left out is left to write; nothing is made up.
 */
export function recordDraft({ ref, title, models, submission: s, decision: d, conditions }: Reviewed): string {
  const said = (...texts: (string | undefined)[]) =>
    texts
      .map((text) => (text ?? "").trim())
      .filter((text) => text !== "")
      .join("\n\n");
  const refused = (s.optionList ?? []).filter((o) => (o.option ?? "").trim() !== "");
  const day = d.decidedAt.toISOString().slice(0, 10);
  const outcome = statusName[outcomeLeadsTo[d.outcome]].toLowerCase();
  return `---
status: proposed
date: ${day}
decision-makers: [${d.deciders.map(quoted).join(", ")}]
consulted: [${(s.adviceList ?? [])
    .map((a) => quoted((a.who ?? "").trim()))
    .filter((who) => who !== '""')
    .join(", ")}]
informed: []
---

# ${title.replaceAll(/\s+/g, " ").trim()}

## Context and Problem Statement

${said(s.problem, s.users, s.supports) || `What ${models.map((m) => m.name).join(", ")} is for, and for whom.`}

## Decision Drivers

${list(
  [s.benefit, s.serviceLevels, s.failure, s.residency].map((text) => (text ?? "").trim()).filter((text) => text !== ""),
  "",
)}

## Considered Options

${list(["As submitted", ...refused.map((o) => o.option ?? "")], "")}

## Decision Outcome

Chosen option: “As submitted”, ${outcome} by the board on ${day} (${ref})${d.validUntil ? `, valid until ${d.validUntil}` : ""}, because

${d.rationale.trim()}

### Consequences

${list(
  conditions.map((c) => `Bad, because ${c.ref} is to be met by ${c.dueOn}: ${c.text}`),
  "Good, because ",
)}

### Confirmation

How it will be checked that the decision is followed, by people or by checks over facts (see Vocabulary).

## Pros and Cons of the Options

${refused.map((o) => `### ${(o.option ?? "").replaceAll(/\s+/g, " ").trim()}\n\n${item(`Bad, because ${o.why ?? ""}`)}`).join("\n\n") || "### As submitted\n\n- Good, because "}

## More Information

The submission, the votes and the conditions are in review ${ref}.
`;
}
