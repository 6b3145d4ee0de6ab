import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { getItem } from "@/lib/backlog/queries";
import { reportIncident } from "@/lib/incidents/report";
import { libraryEditions } from "@/lib/library/reads";
import { myQueue } from "@/lib/queue/queries";
import { recordDecision } from "@/lib/reviews/decide";
import { standing } from "@/lib/reviews/standing";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { namedIn } from "./incident-review";
import { findIncidents, getIncident } from "./queries";
import { addCondition, addDebt, openReview, proposeChange, publishReview, writeReview } from "./work";

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

const happened = async (model: { name: string }) =>
  (
    await reportIncident(b.as("owner"), {
      model: model.name,
      title: "Scores stuck at zero",
      severity: 2,
      startedAt: "2026-03-01T08:00:00Z",
      resolvedAt: "2026-03-01T10:00:00Z",
    })
  ).ref;
const opened = async (model: { name: string }) =>
  openReview(b.as("architect"), { incident: await happened(model), owner: b.ids.owner, dueOn: "2026-03-16" });
const facts = "At 08:00 the nightly table was empty; at 08:40 the duty engineer saw it.";
const causes = ["The range gate warned and did not stop.", "The runbook names a table that was renamed."];

test("an incident is reviewed: facts and causes, a condition on the standing decision, a change of a text, debt; then it stays", async () => {
  const { ref: review, model } = await b.submitted({ tier: 2 });
  await b.voted(review);
  await recordDecision(b.as("chair"), { ref: review, round: 1, outcome: "approved", rationale, conditions: [] });
  const { ref, incident } = await opened(model);
  expect((await myQueue(b.as("owner"), {})).find((q) => q.ref === ref)).toMatchObject({ due: "2026-03-16" });
  await expect(publishReview(b.as("owner"), { ref })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Say what happened"),
  });
  await writeReview(b.as("owner"), { ref, revision: 1, facts, causes });
  await expect(writeReview(b.as("security"), { ref, revision: 1, facts, causes: [] })).rejects.toMatchObject({
    code: "conflict",
  });
  const condition = {
    ref,
    text: "Let the gate stop the run.",
    kind: "before_release",
    owner: b.ids.owner,
    dueOn: "2026-04-01",
  };
  await expect(addCondition(b.as("architect"), condition)).rejects.toMatchObject({ code: "forbidden" });
  const added = await addCondition(b.as("chair"), condition);
  expect((await standing(t.db, model.id, b.clock.at)).conditions).toMatchObject([
    { ref: added.condition, reviewRef: review, status: "open" },
  ]);
  await proposeChange(b.as("owner"), {
    ref,
    text: "standard/naming",
    change: "Tables are read through the catalogue.",
  });
  expect((await libraryEditions(b.as("viewer"), { kind: "standard", id: "naming" })).proposed).toMatchObject([
    { incident, text: "Tables are read through the catalogue." },
  ]);
  const debt = await addDebt(b.as("owner"), {
    ref,
    title: "Jobs that find tables by name",
    why: "A renamed table stops six jobs at night.",
    justification: "Nights without a call for the team.",
    points: 5,
    gain: 2,
  });
  expect(await getItem(b.as("viewer"), { ref: debt.debt })).toMatchObject({
    models: [model.name],
    sources: [{ kind: "incident_review", ref }],
  });
  await publishReview(b.as("owner"), { ref });
  const read = await getIncident(b.as("viewer"), { incident: ref });
  expect(read).toMatchObject({ incident, state: "published", outcomes: 3, overdue: false, review: { facts, causes } });
  expect(read.review?.follows.map((f) => [f.kind, f.done])).toEqual([
    ["condition", "open"],
    ["standard", "proposed"],
    ["debt", "open"],
  ]);
  await expect(writeReview(b.as("owner"), { ref, revision: 3, facts: "Else.", causes })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await myQueue(b.as("owner"), {})).filter((q) => q.ref === ref)).toEqual([]);
});

test("without an approval that stands there is nothing to put a condition on; what is not published in time is overdue", async () => {
  const model = await b.model();
  const { ref, incident } = await opened(model);
  await expect(
    addCondition(b.as("chair"), {
      ref,
      text: "Let the gate stop it.",
      kind: "after_release",
      owner: b.ids.owner,
      dueOn: "2026-04-01",
    }),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("No approval stands") });
  await expect(opened(model)).resolves.toBeDefined();
  b.clock.at = new Date("2026-03-17T09:00:00Z");
  const late = await findIncidents(b.as("viewer"), { review: "overdue", model: model.name, limit: 1 });
  const next = await findIncidents(b.as("viewer"), {
    review: "overdue",
    model: model.name,
    limit: 1,
    after: late.next,
  });
  expect([...late.items, ...next.items].map((i) => i.ref)).toContain(ref);
  expect((await findIncidents(b.as("viewer"), { q: incident })).items).toMatchObject([
    { overdue: true, owner: "owner" },
  ]);
});

test.each<[string, (ref: string, incident: string) => Promise<unknown>, string]>([
  [
    "a second review",
    (_, incident) => openReview(b.as("architect"), { incident, owner: b.ids.owner, dueOn: "2026-03-20" }),
    "conflict",
  ],
  [
    "opened by who only looks",
    (_, incident) => openReview(b.as("viewer"), { incident, owner: b.ids.owner, dueOn: "2026-03-20" }),
    "forbidden",
  ],
  ["written by who only looks", (ref) => writeReview(b.as("viewer"), { ref, revision: 1, facts, causes }), "forbidden"],
  ["published by an architect", (ref) => publishReview(b.as("architect"), { ref }), "forbidden"],
  [
    "a text that is not there",
    (ref) => proposeChange(b.as("owner"), { ref, text: "standard/nothing", change: "It should say much more." }),
    "invalid",
  ],
  [
    "of no incident",
    () => openReview(b.as("architect"), { incident: "INC-9999", owner: b.ids.owner, dueOn: "2026-03-20" }),
    "not_found",
  ],
])("%s: refused", async (_what, call, code) => {
  const { ref, incident } = await opened(await b.model());
  await expect((async () => call(ref, incident))()).rejects.toMatchObject({ name: "Refusal", code });
});

test.each([
  ["The table was renamed without a notice.", null],
  ["Petra Novotná forgot the flag.", "Petra Novotná"],
  ["petra novotná, on duty, was asleep", "Petra Novotná"],
  ["The Petra cluster failed.", null],
])("whether %j names a person: %j", (text, expected) => {
  expect(namedIn(text, ["Ada Byron", "Petra Novotná"])).toBe(expected);
});
