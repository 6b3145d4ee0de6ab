import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { negativeCases } from "./negative-cases";

const root = path.resolve(import.meta.dirname, "../..");
const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8");
const files = [...new Set(negativeCases.flatMap((c) => c.tests.map((t) => t.file)))];

/** Titles with case numbers in front, "39-44: …" or "45, 47: …", and the numbers they stand for. */
function numbered(text: string): { title: string; numbers: number[] }[] {
  return [...text.matchAll(/"(\d{1,2}(?:(?:, |-)\d{1,2})*): [^"\n]*"/g)].map(([quoted, prefix = ""]) => ({
    title: quoted.slice(1, -1),
    numbers: prefix.split(", ").flatMap((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  }));
}

test("every number from 1 to 62 stands once, in order", () => {
  expect(negativeCases.map((c) => c.number)).toEqual(Array.from({ length: 62 }, (_, i) => i + 1));
});

test.each(negativeCases.map((c) => [c.number, c.wording, c] as const))(
  "%i: %s: is tested where it says",
  (_n, _w, c) => {
    if (c.tests.length === 0) expect(c.open ?? "", "a case without a test says why").toMatch(/^[A-Z].{20,}\.$/);
    for (const { file, title } of c.tests) {
      expect(existsSync(path.join(root, file)), file).toBe(true);
      const lines = textOf(file).split("\n");
      const at = lines.findIndex((line) => line.includes(`"${title}"`) || line.trim() === `- name: ${title}`);
      expect(at, `${file} has no test “${title}”`).toBeGreaterThanOrEqual(0);
      // The title may stand on the line below its `test(`.
      expect(lines.slice(Math.max(0, at - 1), at + 1).join(), `${file}: “${title}”`).not.toMatch(
        /\.(skip|todo|fails)\b/,
      );
    }
  },
);

test.each(files)("every numbered test of %s is registered under its numbers", (file) => {
  const missing = numbered(textOf(file)).flatMap(({ title, numbers }) =>
    numbers
      .filter(
        (n) => !negativeCases.some((c) => c.number === n && c.tests.some((t) => t.file === file && t.title === title)),
      )
      .map((n) => `${n}: ${title}`),
  );
  expect(missing).toEqual([]);
});
