import type { z } from "zod";
import { type FieldFault, Refusal } from "./refusal";

/** Turns zod's issues into field faults: one sentence each, with the path of the field. */
export function faultsOf(error: z.core.$ZodError): FieldFault[] {
  return error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      const where = issue.path.join(".");
      return {
        field: [...issue.path, issue.keys[0] ?? ""].join("."),
        message: `Unknown field${issue.keys.length > 1 ? "s" : ""} ${issue.keys.map((k) => `"${k}"`).join(", ")}${where ? ` in ${where}` : ""}. Remove ${issue.keys.length > 1 ? "them" : "it"} or check the spelling.`,
      };
    }
    return { field: issue.path.join("."), message: issue.message };
  });
}

/** Parses input or refuses it, naming every field at fault. */
export function parse<S extends z.ZodType>(schema: S, raw: unknown, what = "input"): z.output<S> {
  const odd = findUnstorable(raw);
  if (odd) throw new Refusal("invalid", odd.field ? `${odd.field}: ${odd.message}` : odd.message, [odd]);
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const faults = faultsOf(result.error);
  const first = faults[0];
  throw new Refusal(
    "invalid",
    faults.length === 1 && first
      ? `${first.field ? `${first.field}: ` : ""}${first.message}`
      : `The ${what} has ${faults.length} faults; the first is ${first?.field ? `${first.field}: ` : ""}${first?.message}`,
    faults,
  );
}

const maxDepth = 64;

/**
 * What no field may hold, so that it is said at the edge and not by the database: U+0000, which PostgreSQL text cannot hold,
 * and half a surrogate pair, which no UTF-8 can. A tree deeper than any input of ours is refused before anything recurses.
 */
export function findUnstorable(raw: unknown): FieldFault | null {
  const open: { value: unknown; path: readonly string[] }[] = [{ value: raw, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    const message = textFault(value);
    if (message) return { field: path.join("."), message };
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) continue;
    if (path.length >= maxDepth) return { field: path[0] ?? "", message: `Is nested deeper than ${maxDepth} levels.` };
    // Zod passes over this key in silence.
    if (Object.hasOwn(value, "__proto__"))
      return { field: [...path, "__proto__"].join("."), message: 'Unknown field "__proto__". Remove it.' };
    for (const [key, inner] of Object.entries(value)) {
      const fault = textFault(key);
      if (fault) return { field: [...path, key.replaceAll("\0", "").toWellFormed()].join("."), message: fault };
      open.push({ value: inner, path: [...path, key] });
    }
  }
  return null;
}

function textFault(value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (value.includes("\0")) return "Must not contain the NUL character.";
  return value.isWellFormed() ? null : "Contains half a character (a lone surrogate). Send valid Unicode.";
}
