import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endDelegation, nameDelegate } from "@/lib/board/name-delegate";
import type { Ctx } from "@/lib/core/command";
import { answerCondition } from "@/lib/reviews/condition";
import { recordDecision } from "@/lib/reviews/decide";
import { raiseFinding, resolveFinding } from "@/lib/reviews/finding";
import { castVote, declareRecusal } from "@/lib/reviews/vote";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { keptFigures, keptHome } from "./kept";
import { boardQueue, boardWaits, myQueue } from "./queries";
import { mostOfAKind } from "./queue";
import { boardRecord } from "./record";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

const mine = async (name: Parameters<Reviews["as"]>[0], ref: string) =>
  (await myQueue(b.as(name), {})).filter((item) => item.ref === ref).map((item) => item.action);
/** A member of the board of another unit. */
const elsewhere = (): Ctx => ({
  ...b.as("security"),
  actor: {
    ...b.as("security").actor,
    grants: [{ role: "security", units: ["00000000-0000-4000-8000-000000000000"] }],
  },
});

test("a review waits on those who may vote, then on the chair, and on nobody with a stake or recused", async () => {
  const { ref } = await b.submitted();
  expect(await mine("security", ref)).toEqual(["Vote"]);
  expect(await mine("owner", ref)).toEqual([]);
  expect(await mine("viewer", ref)).toEqual([]);
  await declareRecusal(b.as("privacy"), { ref, reason: "My team built it." });
  expect(await mine("privacy", ref)).toEqual([]);
  await castVote(b.as("security"), { ref, round: 1, choice: "approve" });
  expect(await mine("security", ref)).toEqual([]);
  await castVote(b.as("chair"), { ref, round: 1, choice: "approve" });
  expect(await mine("chair", ref)).toEqual(["Decide"]);
});

test("whoever stands in for a member is asked for the vote until it is cast, by either of them", async () => {
  const days = { from: "2026-03-02", until: "2026-03-06", reason: "On leave" };
  const { id: delegation } = await nameDelegate(b.as("risk"), { delegate: b.ids.viewer, ...days });
  const first = await b.submitted();
  const second = await b.submitted();
  const own = await b.submitted();
  await declareRecusal(b.as("risk"), { ref: own.ref, reason: "My team built it." });
  expect(await mine("viewer", first.ref)).toEqual(["Vote"]);
  expect(await mine("viewer", own.ref)).toEqual([]);
  await castVote(b.as("viewer"), { ref: first.ref, round: 1, choice: "approve" });
  await castVote(b.as("risk"), { ref: second.ref, round: 1, choice: "approve" });
  expect([await mine("viewer", first.ref), await mine("viewer", second.ref)]).toEqual([[], []]);
  await endDelegation(b.as("risk"), { delegation });
});

test("a condition waits on its owner, then on whoever may accept it, never on who answered", async () => {
  const { ref } = await b.submitted();
  await b.voted(ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  const [con = ""] = conditions;
  expect(await mine("owner", con)).toEqual(["Give evidence"]);
  await answerCondition(b.as("owner"), {
    ref: con,
    text: "Drilled in ten minutes.",
    evidenceUrl: "https://w.example/1",
  });
  expect(await mine("owner", con)).toEqual([]);
  expect(await mine("deputy", con)).toEqual(["Check evidence"]);
});

test("a finding waits on the owner, then on who raised it", async () => {
  const { ref } = await b.submitted();
  const finding = await raiseFinding(b.as("risk"), {
    ref,
    round: 1,
    title: "No drift alarm",
    text: "Nobody would notice.",
    severity: "must_fix",
  });
  expect(await mine("owner", finding.ref)).toEqual(["Answer"]);
  expect(await mine("risk", finding.ref)).toEqual([]);
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "An alarm was added." });
  expect(await mine("owner", finding.ref)).toEqual([]);
  expect(await mine("risk", finding.ref)).toEqual(["Verify"]);
});

test("the board's queue and record hold nothing of a unit that the reader's roles do not reach", async () => {
  const { ref } = await b.submitted();
  expect((await boardQueue(b.as("viewer"), {})).map((item) => item.ref)).toContain(ref);
  expect((await boardRecord(b.as("viewer"), {})).next.length).toBeGreaterThan(0);
  expect(await boardWaits(b.as("viewer"), {})).toBe((await boardQueue(b.as("viewer"), {})).length);
  expect(await boardQueue(elsewhere(), {})).toEqual([]);
  expect(await boardWaits(elsewhere(), {})).toBe(0);
  expect(await boardRecord(elsewhere(), {})).toMatchObject({ decided: 0, next: [] });
  expect(await myQueue(elsewhere(), {})).toEqual([]);
});

test("an agent has no queue: nothing waits on it", async () => {
  const agent: Ctx = { ...b.as("chair"), actor: { ...b.as("chair").actor, kind: "agent" } };
  expect(await myQueue(agent, {})).toEqual([]);
});

test("what waits on someone is found behind any amount of older work of others", async () => {
  const mineRef = (await b.submitted()).ref;
  const { ref } = await raiseFinding(b.as("security"), {
    ref: mineRef,
    round: 1,
    title: "No rollback",
    text: "Nobody could take it back.",
    severity: "must_fix",
  });
  const of = await b.model({ ownerId: b.ids.architect });
  await t.db.execute(sql`
    insert into finding (id, ref, model_id, source, title, text, severity, status, raised_by, raised_at)
    select gen_random_uuid(), 'FND-9' || lpad(n::text, 5, '0'), ${of.id}, 'review',
      'Older', 'Older', 'note', 'open', 'somebody', '2020-01-01'::timestamptz from generate_series(1, ${mostOfAKind + 1}) n`);
  expect(await mine("owner", ref)).toEqual(["Answer"]);
});

test("the record counts what was decided in ninety days, in time or late", async () => {
  const before = (await boardRecord(b.as("viewer"), {})).decided;
  const { ref } = await b.submitted();
  await b.voted(ref, "reject");
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "rejected", rationale });
  expect((await boardRecord(b.as("viewer"), {})).decided).toBe(before + 1);
});

test("the shell's figures are counted once while the log stands still, and at once when something happened", async () => {
  const at = new Date("2026-11-20T09:30:10Z");
  const ctx = { ...b.as("security"), now: () => at };
  const { figures: before } = await keptFigures(ctx);
  expect((await keptFigures({ ...ctx, now: () => new Date("2026-11-20T09:30:50Z") })).figures).toBe(before);
  await b.submitted();
  const { figures: after } = await keptFigures(ctx);
  expect(after.queue).toBe(before.queue + 1);
  expect(after.reviews).toBe((before.reviews ?? 0) + 1);
  expect((await keptFigures({ ...ctx, now: () => new Date("2026-11-20T09:31:10Z") })).figures).not.toBe(after);
});

test("the home page keeps what it counted until something happens", async () => {
  const ctx = b.as("security");
  const before = await keptHome(ctx);
  expect(await keptHome(ctx)).toMatchObject({ mine: before.mine, size: before.size });
  expect((await keptHome(ctx)).mine).toBe(before.mine);
  const { ref } = await b.submitted();
  const after = await keptHome(ctx);
  expect(after.size).toBe(before.size + 1);
  expect(after.mine.map((item) => item.ref)).toContain(ref);
});
