import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, testReviews } from "@/lib/testing/reviews";
import { addComment } from "./discuss";
import { acceptFinding, assignFinding, raiseFinding, reopenFinding, resolveFinding, verifyFinding } from "./finding";
import { findFindings } from "./findings-list";
import { getReview } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
});

const raised = async (ref: string, set: object = {}) =>
  raiseFinding(b.as("security"), {
    ref,
    round: 1,
    title: "Prompts are kept for 30 days",
    text: "The standard is zero days; ask for the addendum.",
    severity: "must_fix",
    section: "data",
    conformance: "non_conformant",
    dueOn: "2026-03-10",
    ...set,
  });

test("a finding goes from open over accepted and resolved to verified, each step with who and when", async () => {
  const { ref } = await b.submitted();
  const finding = await raised(ref);
  expect((await getReview(b.as("viewer"), { ref })).findings).toMatchObject([
    { status: "open", ownerId: b.ids.owner, dueOn: "2026-03-10", conformance: "non_conformant", overdue: false },
  ]);
  await expect(acceptFinding(b.as("risk"), { ref: finding.ref })).rejects.toMatchObject({ code: "forbidden" });
  await expect(acceptFinding(b.as("owner"), { ref: finding.ref, dueOn: "2026-03-20" })).rejects.toMatchObject({
    code: "invalid",
    message: "The board set 2026-03-10; ask a member of the board for a later day.",
  });
  b.clock.at = new Date("2026-03-03T09:00:00Z");
  await acceptFinding(b.as("owner"), { ref: finding.ref, dueOn: "2026-03-06" });
  await expect(acceptFinding(b.as("owner"), { ref: finding.ref })).rejects.toMatchObject({ code: "conflict" });
  b.clock.at = new Date("2026-03-09T09:00:00Z");
  expect((await getReview(b.as("viewer"), { ref })).findings).toMatchObject([{ overdue: true }]);
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "The addendum is signed; zero days." });
  await reopenFinding(b.as("security"), { ref: finding.ref, reason: "It is signed by one side only." });
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "Signed by both sides since Monday." });
  await verifyFinding(b.as("security"), { ref: finding.ref });
  expect((await getReview(b.as("viewer"), { ref })).findings).toMatchObject([
    {
      status: "verified",
      overdue: false,
      resolvedAt: b.clock.at,
      verifiedAt: b.clock.at,
      verifier: expect.any(String),
      acceptedAt: null,
    },
  ]);
});

test("the board names who mends it; whoever was named mends it and never verifies it", async () => {
  const { ref } = await b.submitted();
  const finding = await raised(ref);
  await expect(assignFinding(b.as("owner"), { ref: finding.ref, dueOn: "2026-05-01" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(assignFinding(b.as("security"), { ref: finding.ref, dueOn: "2026-03-30" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "reason" }],
  });
  await expect(
    assignFinding(b.as("security"), { ref: finding.ref, dueOn: "2026-03-01", reason: "Sooner, please." }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field: "dueOn" }] });
  await assignFinding(b.as("security"), {
    ref: finding.ref,
    owner: b.ids.risk,
    dueOn: "2026-03-30",
    reason: "Counsel is away.",
  });
  await resolveFinding(b.as("risk"), { ref: finding.ref, resolution: "The register says so now." });
  await expect(verifyFinding(b.as("risk"), { ref: finding.ref })).rejects.toMatchObject({ code: "forbidden" });
  await verifyFinding(b.as("security"), { ref: finding.ref });
  await expect(assignFinding(b.as("security"), { ref: finding.ref, owner: b.ids.owner })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("comments and findings point at a section, or at a diagram that is there", async () => {
  const { ref } = await b.submitted({
    submission: { architecture: "One.\n\n```mermaid\ngraph TD\n```\n\nTwo.\n\n```mermaid\ngraph LR\n```" },
  });
  await addComment(b.as("security"), { ref, section: "architecture", diagram: 2, text: "The arrow points back." });
  await expect(
    addComment(b.as("security"), { ref, section: "architecture", diagram: 3, text: "And this?" }),
  ).rejects.toMatchObject({ code: "invalid", message: "“Architecture” holds 2 diagrams." });
  await expect(raised(ref, { section: "data", diagram: 1 })).rejects.toMatchObject({ code: "invalid" });
  await raised(ref, { section: "architecture", diagram: 1 });
  expect(await getReview(b.as("viewer"), { ref })).toMatchObject({
    comments: [{ section: "architecture", diagram: 2 }],
    findings: [{ section: "architecture", diagram: 1 }],
  });
});

test("the register filters by status, severity, owner and overdue, and pages without overlap", async () => {
  const { ref, model } = await b.submitted();
  const refs: string[] = [];
  for (const [i, severity] of (["must_fix", "should_fix", "note"] as const).entries()) {
    b.clock.at = new Date(`2026-03-0${2 + i}T09:00:00Z`);
    const made = await raised(ref, { severity, ...(severity === "note" ? { dueOn: "2026-06-01" } : {}) });
    refs.unshift(made.ref);
  }
  b.clock.at = new Date("2026-03-12T09:00:00Z");
  const found = async (set: object) =>
    (await findFindings(b.as("viewer"), { model: model.name, ...set })).items.map((f) => f.ref);
  expect(await found({})).toEqual(refs);
  expect(await found({ severity: "must_fix" })).toEqual([refs[2]]);
  expect(await found({ overdue: "true" })).toEqual([refs[1], refs[2]]);
  expect(await found({ owner: b.ids.owner })).toEqual(refs);
  expect(await found({ owner: "none" })).toEqual([]);
  expect(await found({ status: "verified" })).toEqual([]);
  const first = await findFindings(b.as("viewer"), { model: model.name, limit: 2 });
  const second = await findFindings(b.as("viewer"), { model: model.name, limit: 2, after: first.next ?? "" });
  expect([...first.items, ...second.items].map((f) => f.ref)).toEqual(refs);
  expect(second.next).toBeNull();
  await expect(findFindings(b.as("viewer"), { after: "nonsense" })).rejects.toMatchObject({ code: "invalid" });
});
