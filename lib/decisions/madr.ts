import type { Heading, Root, RootContent } from "mdast";
import remarkFrontmatter from "remark-frontmatter";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { parseDocument } from "yaml";
import { type Claim, claimsIn, partial } from "./claims";

/** Statuses an architecture decision record can have, as MADR 4 names them. */
export const adrStatuses = ["proposed", "accepted", "rejected", "deprecated", "superseded"] as const;
export type AdrStatus = (typeof adrStatuses)[number];

/** One section: the text between a heading and the next heading of the same or a higher level. */
export type Section = { level: number; title: string; text: string };

/** What a record's file says about itself. Unknown stays null; the portal's own status is kept apart. */
export type AdrRecord = {
  title: string | null;
  /** The status that the file claims, or null when it names none we know. */
  status: AdrStatus | null;
  statusText: string | null;
  date: string | null;
  decisionMakers: string[];
  consulted: string[];
  informed: string[];
  /** What the file says about other records; shown, never believed. */
  claims: Claim[];
  sections: Section[];
  format: "madr" | "nygard" | "free";
};

/** A defect of the file, in words with the line (from 1) where it shows. None of them stops a reader. */
export type Fault = { line: number; text: string };

// Only blocks matter here. Inline marks are left as text, since resolving thousands of them takes time that grows with the square.
const inline = [
  "attention",
  "autolink",
  "characterEscape",
  "characterReference",
  "codeText",
  "htmlText",
  "labelEnd",
  "labelStartImage",
  "labelStartLink",
];
const processor = unified()
  .use(remarkParse)
  .use(remarkFrontmatter, ["yaml"])
  .data("micromarkExtensions", [{ disable: { null: inline } }])
  .freeze();

/** The blocks of a record's text, lines from 1; inline marks are left as text. */
export const blocksOf = (text: string): Root => processor.parse(text);

/**
 * Reads a Markdown ADR: MADR 4 and 3 (front matter), MADR 2 (a list below the title), and Nygard's form
 * (governance.md section 3). Never throws: whatever cannot be read becomes a fault.
 */
export function parseAdr(source: string): { record: AdrRecord; faults: Fault[] } {
  const faults: Fault[] = [];
  const tree = blocksOf(source.replace(/^\uFEFF/, ""));
  const text = source.replace(/^\uFEFF/, "");
  const front = frontMatter(tree, faults);
  const title = tree.children.find((n): n is Heading => n.type === "heading" && n.depth === 1);
  if (!title)
    faults.push({ line: 1, text: "There is no title. Begin the record with a line like “# Use batch scoring”." });
  const sections = sectionsOf(tree, text);
  const meta = { ...listAtTop(tree, text), ...front };
  const own = sections.find((s) => s.title.toLowerCase() === "status");
  const statusText =
    meta.status ??
    own?.text
      .replace(/<!--[\s\S]*?-->/g, "")
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ??
    null;
  const status = statusText === null ? null : statusOf(statusText);
  if (statusText !== null && status === null)
    faults.push({ line: 1, text: `The status “${short(statusText)}” is none of ${adrStatuses.join(", ")}.` });
  const format = formatOf(sections);
  if (!sections.some((s) => s.text.trim() !== ""))
    faults.push({
      line: lineOf(title) + 1,
      text: "There is no section with text. Add at least the context and the outcome.",
    });
  else if (format === "madr" && !find(sections, "outcome"))
    faults.push({
      line: lineOf(title),
      text: "There is no “Decision Outcome” section, so the record does not say what was decided.",
    });
  return {
    record: {
      title: title ? withoutNumber(plain(title, text)) || null : null,
      status,
      statusText,
      date: meta.date ?? null,
      decisionMakers: names(meta["decision-makers"] ?? meta.deciders),
      consulted: names(meta.consulted),
      informed: names(meta.informed),
      claims: claimsOf(meta, own, sections),
      sections,
      format,
    },
    faults,
  };
}

/** “1. Use X”, “0001 - Use X”, “ADR-7: Use X” and “[ADR-7] Use X” are numbered; “12 factor apps” is not. */
const withoutNumber = (title: string): string =>
  title
    .replace(/^\[?ADR[-\s#_]*\d+\]?\s*[.:)–—-]?\s+(?=\S)/i, "")
    .replace(/^\d+[.:)]\s+(?=\S)/, "")
    .replace(/^0\d+\s+(?:[–—-]\s+)?(?=\S)/, "");

/** From the status, wherever it stands, and from front matter that says it in a field of its own. */
function claimsOf(meta: Meta, own: Section | undefined, sections: readonly Section[]): Claim[] {
  const fields = ["superseded-by", "supersedes", "amended-by", "amends"].flatMap((key) => {
    const value = meta[key] ?? meta[key.replace("-", "_")];
    return value ? [`${key.replace("-", " ")} ${value}`] : [];
  });
  const context = find(sections, "context")?.text.slice(0, 2000) ?? "";
  // “This ADR in part supersedes …” stands in the prose; there only a sentence about the record itself counts.
  const said = context.split("\n").filter((line) => /\bthis (?:adr|record|decision)\b/i.test(line));
  const all = [meta.status ?? "", own?.text ?? "", ...fields, ...said].flatMap(claimsIn);
  const key = (claim: Claim) => `${claim.kind} ${claim.target}`;
  return all.filter((claim, i) => all.findIndex((other) => key(other) === key(claim)) === i);
}

const wanted = {
  context: /^context( and problem statement)?$/i,
  outcome: /^decision( outcome)?$/i,
  confirmation: /^(confirmation|validation)$/i,
  consequences: /^(positive |negative |general )?consequences$/i,
} as const;

/** The section with a meaning, whatever generation of the template named it; null when absent or empty. */
export function find(sections: readonly Section[], what: keyof typeof wanted): Section | null {
  return sections.find((s) => wanted[what].test(s.title) && s.text.trim() !== "") ?? null;
}

function formatOf(sections: readonly Section[]): AdrRecord["format"] {
  const has = (title: string) => sections.some((s) => s.title.toLowerCase() === title);
  if (has("context and problem statement") || has("decision outcome") || has("considered options")) return "madr";
  return has("context") && has("decision") ? "nygard" : "free";
}

/** “✅ Accepted”, “superseded by [ADR-0005](…)”, “Accepted (2020-01-01)” all name a status with their first word. */
function statusOf(text: string): AdrStatus | null {
  // “{proposed | accepted | …}” is the template's own hint; “partly superseded” still stands in part.
  if (/^["'{]*\{/.test(text)) return null;
  if (partial(text) && /supersee?d|superced/i.test(text)) return "accepted";
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const alias: { [word: string]: AdrStatus } = {
    amended: "accepted",
    superseeded: "superseded",
    superceded: "superseded",
    draft: "proposed",
    pending: "proposed",
    approved: "accepted",
  };
  for (const word of words.slice(0, 3)) {
    const known = adrStatuses.find((s) => s === word) ?? (Object.hasOwn(alias, word) ? alias[word] : undefined);
    if (known) return known;
  }
  return null;
}

type Meta = { [key: string]: string | undefined };

function frontMatter(tree: Root, faults: Fault[]): Meta {
  const node = tree.children.find((n) => n.type === "yaml");
  if (!node) return {};
  const document = parseDocument(node.value, { schema: "core", logLevel: "silent" });
  const [error] = document.errors;
  if (error) {
    faults.push({
      line: lineOf(node) + (error.linePos?.[0].line ?? 1),
      text: `The front matter is not valid YAML: ${short(error.message)}`,
    });
    return {};
  }
  let value: unknown;
  try {
    // The alias limit stops front matter that expands to gigabytes.
    value = document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    faults.push({
      line: lineOf(node),
      text: `The front matter cannot be read: ${cause instanceof Error ? short(cause.message) : "too many aliases"}`,
    });
    return {};
  }
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    faults.push({ line: lineOf(node), text: "The front matter must be a list of “key: value” lines." });
    return {};
  }
  const meta: Meta = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null || inner === "") continue;
    meta[key.toLowerCase()] = Array.isArray(inner) ? inner.map(String).join(", ") : String(inner);
  }
  return meta;
}

/** MADR 2 and adr-tools write “* Status: accepted” and “Date: 2021-09-27” between the title and the first section. */
function listAtTop(tree: Root, text: string): Meta {
  const meta: Meta = {};
  for (const node of tree.children) {
    if (node.type === "heading" && node.depth > 1) break;
    if (node.type !== "paragraph" && node.type !== "list") continue;
    for (const line of slice(node, text).split("\n")) {
      const match =
        /^\s*(?:[-*+]\s+)?\**(status|date|deciders|decision-makers|consulted|informed)\**\s*:\**\s*(\S.*)$/i.exec(line);
      const [, key, value] = match ?? [];
      if (key && value) meta[key.toLowerCase()] ??= value.replace(/<!--.*?-->/g, "").trim() || undefined;
    }
  }
  return meta;
}

function sectionsOf(tree: Root, text: string): Section[] {
  const headings = tree.children.filter((n): n is Heading => n.type === "heading" && n.depth > 1);
  const sections: Section[] = [];
  // Backwards, remembering where the next heading of each depth begins: one pass, however many headings there are.
  const begins: number[] = Array(7).fill(text.length);
  for (const heading of headings.reverse()) {
    const from = heading.position?.end.offset ?? 0;
    const to = Math.min(...begins.slice(1, heading.depth + 1));
    sections.push({ level: heading.depth, title: plain(heading, text), text: text.slice(from, to).trim() });
    begins[heading.depth] = heading.position?.start.offset ?? 0;
  }
  return sections.reverse();
}

const slice = (node: RootContent, text: string) =>
  text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
const lineOf = (node: RootContent | undefined) => node?.position?.start.line ?? 1;
const short = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text).split("\n")[0] ?? "";
const names = (value: string | undefined): string[] =>
  (value ?? "")
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== "" && !/^[{<]/.test(name));

/** A heading's words without its marks. */
function plain(heading: Heading, text: string): string {
  return slice(heading, text)
    .replace(/^#+\s*/, "")
    .replace(/\s*#+\s*$/, "")
    .replace(/\n[=-]+\s*$/, "")
    .replace(/<!--.*?-->/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`]/g, "")
    .trim();
}
