import { expect, test } from "vitest";
import { type DraftText, mergeDrafts } from "./merge";
import { missing, type Submission } from "./submission";

const draft = (submission: Submission, set: Partial<DraftText> = {}): DraftText => ({
  title: "A review",
  adr: null,
  submission,
  ...set,
});

test("what one side changed is taken from that side, field by field", () => {
  const base = draft({ asks: "a", security: "s", newVendor: false });
  const mine = draft({ asks: "a, and b", security: "s", newVendor: false });
  const theirs = draft({ asks: "a", security: "s, tested", newVendor: true, residency: "EU" }, { adr: "ADR-0001" });
  expect(mergeDrafts(base, mine, theirs, "Beatrix")).toMatchObject({
    draft: {
      adr: "ADR-0001",
      submission: { asks: "a, and b", security: "s, tested", newVendor: true, residency: "EU" },
    },
    taken: ["Security", "A supplier new to us", "Residency", "Decision record"],
    both: [],
  });
});

test("one text changed in different lines holds both changes", () => {
  const base = draft({ asks: "one\n\ntwo\n\nthree" });
  const merged = mergeDrafts(
    base,
    draft({ asks: "ONE\n\ntwo\n\nthree" }),
    draft({ asks: "one\n\ntwo\n\nTHREE" }),
    "Ola",
  );
  expect(merged.draft.submission.asks).toBe("ONE\n\ntwo\n\nTHREE");
  expect(merged.both).toEqual([]);
});

test("the same line changed by both stands twice between marks, and is not submitted like that", () => {
  const merged = mergeDrafts(draft({ asks: "one" }), draft({ asks: "mine" }), draft({ asks: "theirs" }), "Ola");
  expect(merged.both).toEqual(["What we ask"]);
  expect(merged.draft.submission.asks).toContain("mine");
  expect(merged.draft.submission.asks).toContain("theirs");
  expect(missing(merged.draft.submission, 1)).toContainEqual({
    field: "asks",
    message: "“What we ask” holds two versions between marks; keep one.",
  });
});

test("rows of both stay; of a single line that both changed mine stands and is named", () => {
  const row = (risk: string) => ({ risk, owner: "", treatment: "" });
  const merged = mergeDrafts(
    draft({ sponsor: "A" }),
    draft({ sponsor: "B", riskList: [row("drift")] }),
    draft({ sponsor: "C", riskList: [row("outage")] }),
    "Ola",
  );
  expect(merged.draft.submission).toMatchObject({ sponsor: "B", riskList: [row("drift"), row("outage")] });
  expect(merged.both).toEqual(["Sponsor", "Risks and their treatment"]);
});

test("a text that stands as the portal filled it in keeps its mark only when no one typed in it", () => {
  const base = draft({ problem: "p", filled: { problem: "the inventory" } });
  const mine = draft({ problem: "p", filled: { problem: "the inventory" } });
  const theirs = draft({ problem: "p, and more", filled: {} });
  expect(mergeDrafts(base, mine, theirs, "Ola").draft.submission).toEqual({ problem: "p, and more", filled: {} });
});
