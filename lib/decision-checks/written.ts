import type { Code, Nodes } from "mdast";
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { blocksOf, type Fault } from "@/lib/decisions/madr";
import { factKey, nearestKey } from "@/lib/facts/catalogue";
import { type Assumption, aggregates, maxChecks, WrittenCheck } from "./assumption";
import { compileExpectation } from "./judge";
import { compileScope } from "./scope";

/** The checks of a record in the order in which it has them, and what is wrong with those that cannot be used. */
export type Written = { checks: readonly Assumption[]; faults: readonly Fault[] };

/** Whether a text may carry checks at all; most do not, and are not parsed again. */
export const mentionsChecks = (content: string): boolean =>
  /^[ \t>*+-]*(?:`{3,}|~{3,})[ \t]*checks\b|^checks[ \t]*:/m.test(content);

/**
 * Reads the checks of a decision record: fenced blocks with the word `checks` (in the section “Confirmation”, though any place counts)
 * and the list `checks` of its front matter; both are YAML. Never throws; each fault has its line in the record, from 1.
 */
export function writtenChecks(content: string): Written {
  if (!mentionsChecks(content)) return { checks: [], faults: [] };
  const checks: Assumption[] = [];
  const faults: Fault[] = [];
  for (const { yaml, line, front } of sourcesIn(content.replace(/^\uFEFF/, ""))) {
    const part = readBlock(yaml, line, front);
    checks.push(...part.checks.map(({ check }) => check));
    faults.push(...part.faults);
    for (const { check, at } of part.checks)
      if (checks.filter((other) => other.key === check.key).length > 1)
        faults.push({ line: at, text: `Two checks have the id “${check.key}”. Give each its own.` });
  }
  if (checks.length > maxChecks) {
    const text = `A record has at most ${maxChecks} checks, and this one has ${checks.length}. Move some to a record of their own.`;
    faults.push({ line: 1, text });
  }
  return { checks, faults };
}

type Source = { yaml: string; line: number; front: boolean };

/** Pieces of YAML that hold checks, each with the record's line that comes before its first. */
function sourcesIn(text: string): Source[] {
  const sources: Source[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === "code" && isChecks(node))
      sources.push({ yaml: node.value, line: node.position?.start.line ?? 0, front: false });
    if (node.type === "yaml" && /^checks[ \t]*:/m.test(node.value))
      sources.push({ yaml: node.value, line: node.position?.start.line ?? 0, front: true });
    if ("children" in node) for (const child of node.children) walk(child);
  };
  walk(blocksOf(text));
  return sources;
}

const isChecks = (node: Code): boolean => node.lang === "checks";

type Read = { checks: { check: Assumption; at: number }[]; faults: Fault[] };

function readBlock(yaml: string, before: number, front: boolean): Read {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { schema: "core", logLevel: "silent", lineCounter: lines, uniqueKeys: true });
  const at = (node: unknown): number => before + (isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1);
  const [error] = document.errors;
  if (error) {
    // A broken front matter is told of by the record's own reader.
    const line = before + (error.linePos?.[0].line ?? 1);
    const [first = ""] = error.message.split("\n");
    return { checks: [], faults: [{ line, text: `The checks are not valid YAML: ${first.slice(0, 200)}` }] };
  }
  const list: unknown = front ? document.get("checks", true) : document.contents;
  if (!isSeq(list)) {
    const text = "The checks must be a list: each begins with “- id: …”.";
    return { checks: [], faults: [{ line: at(list ?? document.contents), text }] };
  }
  const read: Read = { checks: [], faults: [] };
  for (const item of list.items) {
    const line = at(item);
    let value: unknown;
    try {
      value = isNode(item) ? item.toJS(document, { maxAliasCount: 20 }) : item;
    } catch (cause) {
      const text = `The check cannot be read: ${cause instanceof Error ? cause.message.slice(0, 200) : "too many aliases"}`;
      read.faults.push({ line, text });
      continue;
    }
    const lineOf = (field: PropertyKey | undefined): number => {
      const pair = isMap(item)
        ? item.items.find((p) => isPair(p) && isScalar(p.key) && p.key.value === field)
        : undefined;
      return pair ? at(pair.key) : line;
    };
    const parsed = WrittenCheck.safeParse(value);
    if (!parsed.success) {
      read.faults.push(...parsed.error.issues.map((issue) => said(issue, lineOf)));
      continue;
    }
    const faults = compileFaults(parsed.data, lineOf);
    read.faults.push(...faults);
    if (faults.length === 0) read.checks.push({ check: kept(parsed.data), at: line });
  }
  return read;
}

function said(issue: z.core.$ZodIssue, lineOf: (field: PropertyKey | undefined) => number): Fault {
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const text = `A check has no field “${key.slice(0, 60)}”. It has id, title, scope, ${aggregates.join(", ")} and check.`;
    return { line: lineOf(key), text };
  }
  const [field] = issue.path;
  const text =
    field === undefined && issue.code === "invalid_type"
      ? "A check is a list of “field: value” lines: id, title, check, and others as needed."
      : `${field === undefined ? "" : `${String(field)}: `}${issue.message}`;
  return { line: lineOf(field), text };
}

function compileFaults(check: WrittenCheck, lineOf: (field: string) => number): Fault[] {
  const faults: Fault[] = [];
  const aggregate = aggregates.find((one) => check[one] !== undefined);
  const key = aggregate ? check[aggregate] : undefined;
  if (aggregate && key !== undefined) {
    const known = factKey(key);
    const nearest = known ? null : nearestKey(key);
    const told = known
      ? `${key} is no number, so that there is no ${aggregate} of it.`
      : `There is no fact “${key}”.${nearest ? ` Did you mean “${nearest}”?` : " See /api/v1/facts/catalogue."}`;
    if (known?.type !== "number") faults.push({ line: lineOf(aggregate), text: `${aggregate}: ${told}` });
  }
  const expectation = compileExpectation(check.check, aggregate !== undefined);
  if (!expectation.ok) {
    const hint =
      aggregate && expectation.message.startsWith("There is no")
        ? ` Beside ${aggregate}, an expression names value and count.`
        : "";
    faults.push({
      line: lineOf("check"),
      text: `check, character ${expectation.column}: ${expectation.message}${hint}`,
    });
  }
  const scope = check.scope === undefined ? null : compileScope(check.scope);
  if (scope && !scope.ok)
    faults.push({ line: lineOf("scope"), text: `scope, character ${scope.column}: ${scope.message}` });
  return faults;
}

function kept(check: WrittenCheck): Assumption {
  const aggregate = aggregates.find((one) => check[one] !== undefined) ?? null;
  return {
    key: check.id,
    title: check.title,
    scope: check.scope ?? null,
    aggregate,
    factKey: aggregate ? (check[aggregate] ?? null) : null,
    expression: check.check,
  };
}
