import { expect, test } from "vitest";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { outline } from "@/lib/markdown/outline";
import { deadLinksIn, wordsOf } from "@/lib/testing/texts";

const content = loadContent();
const each = newestOfEach(content.courses).map((c) => [c.id, c] as const);

test("there is a course for owners, for the board and for architects", () => {
  expect(each.map(([id]) => id)).toEqual(["board-members", "ml-architects", "model-owners"]);
});

test.each(each)(
  "%s: lessons worth the half hour; each question leads back to one; links lead somewhere",
  (_id, course) => {
    expect(wordsOf(course)).toBeGreaterThanOrEqual(400);
    const lessons = outline(course.markdown).map((h) => h.text);
    expect(course.questions.length).toBeGreaterThanOrEqual(4);
    expect(course.questions.filter((q) => !lessons.includes(q.lesson))).toEqual([]);
    expect(deadLinksIn(course, content)).toEqual([]);
  },
);
