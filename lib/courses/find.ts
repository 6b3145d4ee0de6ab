import "server-only";
import { type Course, loadContent, newest } from "@/lib/content/load";
import { Refusal } from "@/lib/core/refusal";

/** The newest version of a course. */
export function findCourse(id: string): Course {
  const found = newest(loadContent().courses, id);
  if (!found) throw new Refusal("not_found", `There is no course called ${id}.`);
  return found;
}
