import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nameDelegate } from "@/lib/board/name-delegate";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { random } from "@/lib/core/random";
import { Refusal } from "@/lib/core/refusal";
import { proposeAdr } from "@/lib/decisions/write";
import { boardCast } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { breaches } from "@/lib/testing/workflow/invariants";
import { readReview } from "@/lib/testing/workflow/read";
import { type Cast, drafted, membersAmong, ordered, type Review } from "@/lib/testing/workflow/state";
import { attempt, type Step } from "@/lib/testing/workflow/steps";
import { anyStep } from "@/lib/testing/workflow/walk";
import { decideAutomatically } from "./automatic";
import { acceptCondition, answerCondition, returnCondition } from "./condition";
import { recordDecision } from "./decide";
import { addComment, changeLane, requestChanges } from "./discuss";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { acceptFinding, raiseFinding, reopenFinding, resolveFinding, verifyFinding } from "./finding";
import { submitReview } from "./submit";
import { castVote, declareRecusal } from "./vote";
import { openVote } from "./vote-call";

/** Steps of the walk that is compared at each step; more on demand: WALK_STEPS=100000 npx vitest run lib/reviews/workflow.db */
const steps = Number(process.env.WALK_STEPS ?? 1_000);

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
let cast: Cast;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  await nameDelegate(b.as("privacy"), {
    delegate: b.ids.viewer,
    from: "2026-03-02",
    until: "2026-08-30",
    reason: "Away for the summer.",
  });
  const people = (Object.keys(boardCast) as (keyof typeof boardCast)[]).map((name) => b.as(name).actor);
  const agent: Actor = {
    kind: "agent",
    id: b.ids.admin,
    name: "agent",
    grants: [{ role: "agent", units: null }],
    scopes: null,
  };
  cast = {
    unitId: b.unitId,
    actors: new Map([...people, agent, systemActor].map((actor) => [actor.name, actor])),
    members: membersAmong(people),
    delegations: [{ memberId: b.ids.privacy, delegateId: b.ids.viewer, delegateName: "viewer" }],
  };
});
afterAll(() => t.drop());

const lanesOf = { 1: "full_board", 2: "fast_track" } as const;

/** A draft that triage will put into a lane, with someone of the board having a stake now and then. */
async function begin(rng: () => number): Promise<Review> {
  const tier = rng() < 0.6 ? 1 : 2;
  const emergency = rng() < 0.25;
  const backup = rng() < 0.3 ? b.ids[rng() < 0.5 ? "security" : "chair"] : undefined;
  const model = await b.model({ tier, ...(backup ? { backupOwnerId: backup } : {}) });
  const adr = await proposeAdr(b.as("owner"), { content: adrText(`For ${model.name}`), model: model.name });
  const { ref } = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Walked on",
    adr: adr.ref,
    submission: fullSubmission(
      emergency ? { emergency, emergencyReason: "The scorer fails for half of the cards." } : {},
    ),
  });
  const triaged = emergency ? "emergency" : lanesOf[tier];
  return drafted(ref, { tier, triaged, owner: b.ids.owner, ...(backup ? { backup } : {}) });
}

let saves = 0;

/** The command of a step; answers the refs that it made. */
async function perform(ctx: Ctx, { ref, owner }: Review, step: Step): Promise<string[]> {
  const reason = "reason" in step && step.reason ? "Because it is so." : "";
  const day = ctx.now().toISOString().slice(0, 10);
  switch (step.do) {
    case "save":
      await saveDraft(ctx, { ref, title: `Walked on ${++saves}` });
      return [];
    case "submit":
      await submitReview(ctx, { ref });
      return [];
    case "withdraw":
      await withdrawReview(ctx, { ref, reason: "It is not needed any more." });
      return [];
    case "comment":
      await addComment(ctx, { ref, text: "A word." });
      return [];
    case "recuse":
      await declareRecusal(ctx, { ref, reason: "My team built it." });
      return [];
    case "decide_by_rule":
      await decideAutomatically(ctx, { ref });
      return [];
    case "request_changes":
      await requestChanges(ctx, { ref, round: step.round, text: "Describe the exit." });
      return [];
    case "raise_finding": {
      const { round, severity } = step;
      return [(await raiseFinding(ctx, { ref, round, severity, title: "A finding", text: "It does not hold." })).ref];
    }
    case "change_lane":
      await changeLane(ctx, { ref, lane: step.lane, ...(reason ? { reason } : {}) });
      return [];
    case "vote":
      await castVote(ctx, { ref, round: step.round, choice: step.choice, reason });
      return [];
    case "open_vote": {
      const closesAt = new Date(ctx.now().getTime() + step.hours * 3_600_000).toISOString();
      await openVote(ctx, { ref, round: step.round, closesAt });
      return [];
    }
    case "decide": {
      const { round, outcome, until } = step;
      const conditions = step.conditions.map(({ closes }) => ({
        text: "Drill the rollback.",
        owner,
        dueOn: day,
        ...(closes ? { closes } : {}),
      }));
      const set = { ref, round, outcome, rationale, conditions, ...(until ? { until: day } : {}) };
      return (await recordDecision(ctx, set)).conditions;
    }
    case "accept_finding":
      await acceptFinding(ctx, { ref: step.finding });
      return [];
    case "resolve_finding":
      await resolveFinding(ctx, { ref: step.finding, resolution: "It was mended." });
      return [];
    case "verify_finding":
      await verifyFinding(ctx, { ref: step.finding });
      return [];
    case "reopen_finding":
      await reopenFinding(ctx, { ref: step.finding, reason: "It is not mended." });
      return [];
    case "answer_condition":
      await answerCondition(ctx, { ref: step.condition, text: "It was done.", evidenceUrl: "https://ci.example/1" });
      return [];
    case "accept_answer":
      await acceptCondition(ctx, { ref: step.condition });
      return [];
    case "return_answer":
      await returnCondition(ctx, { ref: step.condition, reason: "The proof is missing." });
      return [];
  }
}

/** The same step with the refs that the portal gave. */
function named(step: Step, refs: readonly string[]): Step {
  if (step.do === "raise_finding" && refs[0]) return { ...step, ref: refs[0] };
  if (step.do === "decide" && refs.length > 0)
    return { ...step, conditions: step.conditions.map((c, i) => ({ ...c, ref: refs[i] ?? c.ref })) };
  return step;
}

const asTold = (error: unknown) => {
  if (!(error instanceof Refusal)) throw error;
  return { ok: false as const, code: error.code, reason: error.message };
};

const over = (review: Review) =>
  ["approved", "approved_with_conditions", "rejected", "withdrawn"].includes(review.status);

test(`${steps} steps, one after the other: every command answers, refuses and leaves what the model of the workflow says`, async () => {
  const rng = random(412);
  const open: Review[] = [];
  for (let i = 0; i < 8; i++) open.push(await begin(rng));
  const met = new Set<string>();
  for (let n = 0; n < steps; n++) {
    b.clock.at = new Date(b.clock.at.getTime() + Math.floor(rng() * 40) * 60_000);
    const place = Math.floor(rng() * open.length);
    const before = open[place];
    const review = !before || (over(before) && rng() < 0.15) ? await begin(rng) : before;
    const { actor, step } = anyStep(cast, review, rng, () => "made by the portal");
    const told = await perform({ ...b.as("owner"), actor }, review, step).then(
      (refs) => ({ ok: true as const, refs }),
      asTold,
    );
    const said = attempt(cast, review, actor, named(step, told.ok ? told.refs : []), b.clock.at);
    const where = `step ${n}: ${actor.name} ${JSON.stringify(step)} on ${review.ref}, ${review.status}`;
    met.add(`${review.status} ${step.do} ${actor.name}`);
    if (said.ok) {
      expect(told, where).toMatchObject({ ok: true });
      if (!said.unchanged) expect(ordered(await readReview(t.db, review.ref)), where).toEqual(ordered(said.next));
    } else expect(told, where).toEqual(said);
    open[place] = said.ok ? said.next : review;
  }
  expect(met.size).toBeGreaterThan(Math.min(steps / 5, 700));
}, 3_600_000);

test("twelve actors at once on five reviews: nothing that must always hold breaks, and the log has what succeeded", async () => {
  const rng = random(7);
  const open: string[] = [];
  const begun = new Map<string, Review>();
  for (let i = 0; i < 5; i++) {
    const review = await begin(rng);
    open.push(review.ref);
    begun.set(review.ref, review);
  }
  const entries = async () => {
    const { rows } = await t.db.execute<{ n: number }>(
      sql`select count(*)::int as n from log_entry where kind = 'command'`,
    );
    return rows[0]?.n ?? 0;
  };
  let succeeded = 0;
  let refused = 0;
  const walker = async (seed: number) => {
    const own = random(seed);
    for (let n = 0; n < 40; n++) {
      const ref = open[Math.floor(own() * open.length)] ?? "";
      // What this actor sees may be old by the time they act, as on a screen.
      const review = await readReview(t.db, ref);
      const { actor, step } = anyStep(cast, review, own, () => "made by the portal");
      const told = await perform({ ...b.as("owner"), actor }, review, step).then(() => ({ ok: true as const }), asTold);
      if (!told.ok) refused++;
      else if (step.do !== "vote") succeeded++;
    }
  };
  const before = await entries();
  await Promise.all(Array.from({ length: 12 }, (_, i) => walker(100 + i)));
  expect(succeeded).toBeGreaterThan(30);
  expect(refused).toBeGreaterThan(100);
  const { rows } = await t.db.execute<{ n: number }>(sql`
    select count(*)::int as n from (select name from log_entry where kind = 'command' order by id desc limit ${(await entries()) - before}) e
    where name <> 'review.vote.cast'`);
  expect(rows[0]?.n).toBe(succeeded);
  for (const ref of open) {
    const review = await readReview(t.db, ref);
    expect(breaches(cast, review, b.clock.at), ref).toEqual([]);
  }
}, 120_000);
