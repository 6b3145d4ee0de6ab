import "server-only";
import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { courseCompletions } from "@/db/schema/courses";
import { businessUnits, people } from "@/db/schema/org";
import { loadContent, newestOfEach } from "@/lib/content/load";
import type { Actor } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mustSee } from "@/lib/guidance/see";
import { FindCompletions, mayListCompletions, OneCourse } from "./course";
import { findCourse } from "./find";

const isPerson = (actor: Actor) => actor.kind === "person";

const own = (read: Reader, actor: Actor) =>
  isPerson(actor)
    ? read.select().from(courseCompletions).where(eq(courseCompletions.personId, actor.id))
    : Promise.resolve([]);

/** The courses, each with when the one who asks has done it; a version that is newer than theirs says so. */
export const listCourses = query({
  name: "course.list",
  title: "List courses",
  http: { method: "GET", path: "/courses" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    mustSee(actor);
    const done = await own(read, actor);
    return {
      items: newestOfEach(loadContent().courses)
        .map(({ bytes: _bytes, markdown: _markdown, file: _file, questions, ...course }) => ({
          ...course,
          questions: questions.length,
          completed: latest(done.filter((d) => d.courseId === course.id)),
        }))
        .sort((a, b) => a.title.localeCompare(b.title)),
    };
  },
});

/** One course with its text and its questions, without the answers. */
export const getCourse = query({
  name: "course.get",
  title: "Read a course",
  http: { method: "GET", path: "/courses/{id}" },
  input: OneCourse,
  run: async (read, { id }, actor) => {
    mustSee(actor);
    const { bytes: _bytes, file: _file, questions, ...course } = findCourse(id);
    return {
      ...course,
      questions: questions.map(({ id: question, text, options }) => ({ id: question, text, options })),
      completed: latest((await own(read, actor)).filter((d) => d.courseId === id)),
    };
  },
});

const latest = (done: readonly { version: number; completedAt: Date }[]) =>
  done.reduce<{ version: number; completedAt: Date } | null>(
    (best, { version, completedAt }) => (best && best.version >= version ? best : { version, completedAt }),
    null,
  );

/** Who completed which course, latest first. */
export const listCompletions = query({
  name: "course.completions",
  title: "List completions of courses",
  http: { method: "GET", path: "/course-completions" },
  input: FindCompletions,
  run: async (read, { course, after, limit }, actor) => {
    insist(mayListCompletions(actor));
    const rows = await read
      .select({
        id: courseCompletions.id,
        person: people.name,
        email: people.email,
        unit: businessUnits.name,
        course: courseCompletions.courseId,
        version: courseCompletions.version,
        digest: courseCompletions.digest,
        completedAt: courseCompletions.completedAt,
      })
      .from(courseCompletions)
      .innerJoin(people, eq(people.id, courseCompletions.personId))
      .leftJoin(businessUnits, eq(businessUnits.id, people.businessUnitId))
      .where(
        and(
          course ? eq(courseCompletions.courseId, course) : undefined,
          after ? lt(courseCompletions.id, after) : undefined,
        ),
      )
      .orderBy(desc(courseCompletions.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },
});
