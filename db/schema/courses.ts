import { index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns";
import { people } from "./org";

/** Who has done which course, at which version and digest of content/courses. */
export const courseCompletions = pgTable(
  "course_completion",
  {
    id: id(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    courseId: text().notNull(),
    version: integer().notNull(),
    digest: text().notNull(),
    completedAt: instant().notNull(),
  },
  (t) => [
    unique("course_completion_once").on(t.personId, t.courseId, t.version),
    index("course_completion_by_course").on(t.courseId, t.id),
  ],
);
