import "server-only";
import { and, eq } from "drizzle-orm";
import { courseCompletions } from "@/db/schema/courses";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { CompleteCourse, mayComplete } from "./course";
import { findCourse } from "./find";

/** Records that a person has done a course: every question of its present version answered right. Wrong ones are named, with their lesson. */
export const completeCourse = command({
  name: "course.completed",
  title: "Complete a course",
  http: { method: "POST", path: "/courses/{id}/completions", status: 201 },
  input: CompleteCourse,
  load: async (_tx, { id }) => findCourse(id),
  may: (actor) => mayComplete(actor),
  run: async (tx, { input: { version, answers }, subject: course, actor, now }) => {
    if (version !== course.version)
      throw new Refusal(
        "conflict",
        `${course.title} is at version ${course.version} now. Reload the page and read what changed.`,
      );
    const strange = Object.keys(answers).filter((id) => !course.questions.some((q) => q.id === id));
    if (strange.length > 0)
      throw new Refusal(
        "invalid",
        `answers: there is no question ${strange.join(", ")}.`,
        strange.map((id) => ({ field: `answers.${id}`, message: "Is no question of this course." })),
      );
    const wrong = course.questions.filter((q) => answers[q.id] !== q.answer);
    if (wrong.length > 0)
      throw new Refusal(
        "invalid",
        `${wrong.length} of ${course.questions.length} answers are not right yet. Nothing was recorded; read again and answer again.`,
        wrong.map((q) => ({
          field: `answers.${q.id}`,
          message: answers[q.id] === undefined ? "Choose one." : `Read “${q.lesson}” again.`,
        })),
      );
    const mine = and(
      eq(courseCompletions.personId, actor.id),
      eq(courseCompletions.courseId, course.id),
      eq(courseCompletions.version, course.version),
    );
    const [before] = await tx.select({ at: courseCompletions.completedAt }).from(courseCompletions).where(mine);
    if (before) return { unchanged: { course: course.id, version, completedAt: before.at } };
    const id = newId();
    await tx.insert(courseCompletions).values({
      id,
      personId: actor.id,
      courseId: course.id,
      version: course.version,
      digest: course.digest,
      completedAt: now,
    });
    return {
      result: { course: course.id, version, completedAt: now },
      entry: {
        subject: { kind: "course", id, ref: course.id },
        summary: `completed the course ${course.title}, version ${course.version}`,
        body: { course: course.id, version: course.version, digest: course.digest, questions: course.questions.length },
      },
    };
  },
});
