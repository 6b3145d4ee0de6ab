import { parse as parseYaml } from "yaml";
import { GuideMeta, PatternMeta } from "./schemas";

/** Splits a Markdown file into its YAML front matter and the text after it. */
export function frontMatter(text: string): { front: unknown; body: string } {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!match) throw new Error("starts with no front matter between two lines of ---");
  return { front: parseYaml(match[1] ?? ""), body: match[2] ?? "" };
}

/** A reference architecture from its file; throws a ZodError or an Error that says what is wrong. */
export function parsePattern(text: string): PatternMeta & { markdown: string } {
  const { front, body } = frontMatter(text);
  return { ...PatternMeta.parse(front), markdown: body };
}

/** A standard, playbook or runbook from its file; throws likewise. */
export function parseGuide(text: string): GuideMeta & { markdown: string } {
  const { front, body } = frontMatter(text);
  return { ...GuideMeta.parse(front), markdown: body };
}
