import { expect, test } from "vitest";
import { parseAdr } from "@/lib/decisions/madr";
import { type Reviewed, recordDraft } from "./record-draft";

const reviewed = (set: Partial<Reviewed> = {}): Reviewed => ({
  ref: "REV-0007",
  title: "Score transfers in one service",
  models: [{ name: "transfer-risk" }],
  submission: {
    problem: "Transfers are scored in two places that differ.",
    benefit: "Half of the false alarms",
    optionList: [{ option: "Keep both\nand compare", why: "twice the cost" }],
    adviceList: [{ who: 'Ada "the second", risk', said: "yes", done: "followed" }],
  },
  decision: {
    outcome: "approved_with_conditions",
    rationale: "The evaluation holds and the rollback was tried.",
    decidedAt: new Date("2026-03-02T09:00:00Z"),
    deciders: ["Ingrid Solberg", "Noor Haddad"],
    validUntil: "2027-03-02",
  },
  conditions: [{ ref: "CON-0003", text: "Drill the rollback.", dueOn: "2026-04-01" }],
  ...set,
});

test("a record begun from a review reads back as MADR, with what was said and decided", () => {
  const { record, faults } = parseAdr(recordDraft(reviewed()));
  expect(faults).toEqual([]);
  expect(record.format).toBe("madr");
  expect(recordDraft(reviewed())).toMatchSnapshot();
});

test("what was not said is left to write; nothing ends the front matter or a list early", () => {
  const hostile = reviewed({
    title: "One\n---\ntwo",
    submission: { problem: "", optionList: [{ option: "a\n## Decision Outcome", why: "b" }] },
    conditions: [],
  });
  const { record, faults } = parseAdr(recordDraft(hostile));
  expect(faults).toEqual([]);
  expect(record.title).toBe("One --- two");
  expect(record.sections.filter((s) => s.title === "Decision Outcome")).toHaveLength(1);
});
