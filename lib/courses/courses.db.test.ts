import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { loadContent, newest } from "@/lib/content/load";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { completeCourse } from "./complete";
import { getCourse, listCompletions, listCourses } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let owner: Ctx;
let compliance: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  owner = await org.person("Priya Raman", "contributor", [org.units.retail]);
  compliance = await org.person("Samuel Oyelaran", "compliance");
});
afterAll(() => t.drop());

const id = "model-owners";
const right = (course = id) =>
  Object.fromEntries(newest(loadContent().courses, course)?.questions.map((q) => [q.id, q.answer]) ?? []);

test("the answers are not told with the questions", async () => {
  expect(Object.keys((await getCourse(owner, { id })).questions[0] ?? {})).toEqual(["id", "text", "options"]);
});

test("a wrong or missing answer is named with its lesson, and nothing is recorded", async () => {
  const { stale: _, ...others } = right();
  const refused = completeCourse(owner, { id, version: 1, answers: { ...others, unknown: 0 } });
  await expect(refused).rejects.toMatchObject({
    code: "invalid",
    faults: [
      { field: "answers.stale", message: "Choose one." },
      { field: "answers.unknown", message: "Read “Unknown is an answer” again." },
    ],
  });
  await expect(completeCourse(owner, { id, version: 1, answers: { ...right(), charm: 1 } })).rejects.toThrow(
    "no question charm",
  );
  await expect(completeCourse(owner, { id, version: 2, answers: right() })).rejects.toThrow("at version 1 now");
  expect((await listCompletions(compliance, {})).items).toEqual([]);
});

test("a completion is recorded once, in the log and beside the course", async () => {
  await completeCourse(owner, { id, version: 1, answers: right() });
  org.now.at = new Date("2026-11-05T09:00:00Z");
  const again = await completeCourse(owner, { id, version: 1, answers: right() });
  expect(again).toMatchObject({ completedAt: new Date("2026-11-02T09:00:00Z") });
  const entries = await t.db.select().from(logEntries).where(eq(logEntries.name, "course.completed"));
  expect(entries.map((e) => [e.actorName, e.summary])).toEqual([
    ["Priya Raman", "completed the course Owning a model in production, version 1"],
  ]);
  const mine = (await listCourses(owner, {})).items.map((c) => [c.id, c.completed?.version ?? null]);
  expect(Object.fromEntries(mine)).toEqual({ "board-members": null, "ml-architects": null, "model-owners": 1 });
});

test("the list is for those who keep rights and those who audit, and is paged", async () => {
  await expect(listCompletions(owner, {})).rejects.toThrow("administrators, compliance and audit");
  await completeCourse(compliance, { id: "board-members", version: 1, answers: right("board-members") });
  const first = await listCompletions(compliance, { limit: 1 });
  expect(first.items.map((c) => [c.person, c.course])).toEqual([["Samuel Oyelaran", "board-members"]]);
  const rest = await listCompletions(compliance, { limit: 1, after: first.next ?? "" });
  expect(rest).toMatchObject({ items: [{ person: "Priya Raman", course: id }], next: null });
  expect((await listCompletions(compliance, { course: id })).items).toHaveLength(1);
});

test("a service completes nothing", async () => {
  await expect(completeCourse(org.service("ci"), { id, version: 1, answers: right() })).rejects.toThrow("Only people");
});
