import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { reviewSubmissions } from "@/db/schema/reviews";
import { proposeAdr } from "@/lib/decisions/write";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, testReviews } from "@/lib/testing/reviews";
import { askAdvice, giveAdvice, recordAdviceUse } from "./advice";
import { createDraft } from "./draft";
import { getReview } from "./queries";
import { submitReview } from "./submit";

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

async function draft() {
  const model = await b.model({ tier: 2 });
  const adr = await proposeAdr(b.as("owner"), { content: adrText(`For ${model.name}`), model: model.name });
  return createDraft(b.as("owner"), {
    model: model.name,
    title: "Advised",
    adr: adr.ref,
    submission: fullSubmission({ advice: undefined }),
  });
}

test("advice is asked, given in person, used, and fixed with the submission", async () => {
  const { ref, id } = await draft();
  await expect(submitReview(b.as("owner"), { ref })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "adviceList" }],
  });
  const question = "Is the legal basis sound for this use?";
  await expect(askAdvice(b.as("owner"), { ref, person: b.ids.owner, question })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(askAdvice(b.as("viewer"), { ref, person: b.ids.risk, question })).rejects.toMatchObject({
    code: "forbidden",
  });
  const asked = await askAdvice(b.as("owner"), { ref, person: b.ids.risk, question });
  await expect(askAdvice(b.as("owner"), { ref, person: b.ids.risk, question })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(giveAdvice(b.as("owner"), { advice: asked.id, text: "It is." })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(recordAdviceUse(b.as("owner"), { advice: asked.id, text: "Followed." })).rejects.toMatchObject({
    code: "conflict",
  });
  await giveAdvice(b.as("risk"), { advice: asked.id, text: "It is, for the use described here." });
  await expect(giveAdvice(b.as("risk"), { advice: asked.id, text: "On second thoughts" })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(submitReview(b.as("owner"), { ref })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "advice-log", message: expect.stringContaining("Say what was done with the advice of") }],
  });
  await recordAdviceUse(b.as("owner"), {
    advice: asked.id,
    text: "Followed; the purpose is written into the catalogue.",
  });
  await submitReview(b.as("owner"), { ref });
  const [fixed] = await t.db.select().from(reviewSubmissions).where(eq(reviewSubmissions.reviewId, id));
  expect(JSON.parse(fixed?.content.toString("utf8") ?? "")).toMatchObject({
    advice: [
      {
        adviser: b.ids.risk,
        asked: question,
        said: "It is, for the use described here.",
        done: expect.stringContaining("Followed"),
      },
    ],
  });
  expect((await getReview(b.as("viewer"), { ref })).advice).toMatchObject([{ adviserId: b.ids.risk }]);
  await expect(recordAdviceUse(b.as("owner"), { advice: asked.id, text: "Not after all." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("someone who did not answer keeps nobody from submitting, and can still answer", async () => {
  const { ref } = await draft();
  const asked = await askAdvice(b.as("owner"), {
    ref,
    person: b.ids.security,
    question: "May prompts leave the network?",
  });
  await submitReview(b.as("owner"), { ref });
  await giveAdvice(b.as("security"), { advice: asked.id, text: "Only masked ones may." });
  expect((await getReview(b.as("viewer"), { ref })).advice).toMatchObject([{ answer: "Only masked ones may." }]);
});
