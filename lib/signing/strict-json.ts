import { fromUtf8 } from "./bytes";

/**
 * Parses JSON that somebody signed: valid UTF-8 without byte order mark, and no object with the same key twice, since
 * two readers could then see two different statements in the same bytes. Throws with the reason.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes);
  const value: unknown = JSON.parse(text);
  refuseDuplicateKeys(text);
  return value;
}

/** Walks text that JSON.parse accepted, so tokens need no further checks. */
function refuseDuplicateKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key: unknown = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      const keys = open.at(-1);
      if (typeof key !== "string" || !keys) throw new Error("not JSON");
      if (keys.has(key)) throw new Error(`the key ${JSON.stringify(key)} stands twice in one object`);
      keys.add(key);
    }
  }
}
