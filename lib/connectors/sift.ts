import type { z } from "zod";
import type { BadRecord, Stream } from "./registry";
import { clean, clip, rawOf } from "./text";

/** Bytes of a bad record that are kept. */
const keep = 16_384;

/**
 * The records of a page that have the shape they should; the others with what is wrong with them, so that one bad record does not
 * end a sync. `keys` are the fields that together tell a record apart.
 */
export function sift<S extends z.ZodType>(
  stream: Stream,
  schema: S,
  records: readonly unknown[],
  keys: readonly string[],
): { good: { value: z.output<S>; raw: unknown }[]; bad: BadRecord[] } {
  const good: { value: z.output<S>; raw: unknown }[] = [];
  const bad: BadRecord[] = [];
  for (const raw of records) {
    const parsed = schema.safeParse(raw);
    if (parsed.success) {
      good.push({ value: parsed.data, raw });
      continue;
    }
    const [issue] = parsed.error.issues;
    const at = issue?.path.join(".");
    const said = issue ? inWords(issue) : "not understood";
    bad.push(badRecord(stream, keyOf(raw, keys), `${at ? `${at}: ` : ""}${said}`, raw));
  }
  return { good, bad };
}

/** A choice of shapes says "Invalid input"; the first shape says what it expected. */
function inWords(issue: z.core.$ZodIssue): string {
  const inner = issue.code === "invalid_union" ? issue.errors[0]?.[0] : undefined;
  return inner ? inWords(inner) : issue.message;
}

export const badRecord = (stream: Stream, key: string | null, reason: string, raw: unknown): BadRecord => ({
  stream,
  key,
  reason: clip(clean(reason), 500),
  raw: clip(rawOf(raw), keep),
});

/** `name/version` of a record that holds both; null when one is missing. */
function keyOf(raw: unknown, keys: readonly string[]): string | null {
  if (typeof raw !== "object" || raw === null) return null;
  const parts = keys.map((key) => new Map<string, unknown>(Object.entries(raw)).get(key));
  return parts.every((p) => (typeof p === "string" && p.length > 0) || typeof p === "number")
    ? clip(clean(parts.join("/")), 500)
    : null;
}
