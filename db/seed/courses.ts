import { loadContent, newest } from "@/lib/content/load";
import { completeCourse } from "@/lib/courses/complete";
import type { World } from "./world";

const done = [
  ["Priya Raman", "model-owners", 34],
  ["Ingrid Solberg", "ml-architects", 31],
  ["Ingrid Solberg", "board-members", 30],
  ["Noor Haddad", "board-members", 27],
  ["Beatrix Lindqvist", "board-members", 12],
] as const;

/** Those who were first to do the courses. */
export function planCourses(world: World): void {
  for (const [name, id, ago] of done) {
    world.plan(world.before(ago, 13), `${name} completes ${id}`, async () => {
      const course = newest(loadContent().courses, id);
      if (!course) throw new Error(`content/ has no course ${id}.`);
      const answers = Object.fromEntries(course.questions.map((q) => [q.id, q.answer]));
      await completeCourse(world.as(name), { id, version: course.version, answers });
    });
  }
}
