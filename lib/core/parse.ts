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
  const nul = findNul(raw, []);
  if (nul)
    throw new Refusal("invalid", `${nul}: must not contain the NUL character.`, [
      { field: nul, message: "Must not contain the NUL character." },
    ]);
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

/** PostgreSQL text cannot hold U+0000; say so at the edge, not as a database error. */
function findNul(value: unknown, path: readonly string[]): string | null {
  if (typeof value === "string") return value.includes("\0") ? path.join(".") || "input" : null;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = key.includes("\0") ? key.replaceAll("\0", "") || "input" : findNul(inner, [...path, key]);
    if (found) return found;
  }
  return null;
}
