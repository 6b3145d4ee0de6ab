import { createHash } from "node:crypto";

/** Texts from outside, made fit for storage. */
export const clip = (text: string, max = 2000): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** PostgreSQL text holds no NUL. */
export const clean = (text: string | null | undefined): string => (text ?? "").replaceAll("\0", "");

/** A record as it came. A NUL is written out as its escape, so that the text can be stored. */
export const rawOf = (value: unknown): string => clean(JSON.stringify(value));

export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Tags in the order of their keys; keys over 250 characters and more than 500 tags are left out. */
export const tagRecord = (tags: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(
    tags
      .filter((t) => t.key.length <= 250)
      .slice(0, 500)
      .map((t) => [clean(t.key), clip(clean(t.value))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Tags that vouch for a version's digest, first one wins. */
export const digestTags = ["countersign.digest", "oms.digest", "sha256"] as const;

/** A SHA-256 in hex that a tag holds, with or without its prefix; null when no tag holds a valid one. */
export function digestOf(tags: readonly { key: string; value: string }[]): { digest: string; tag: string } | null {
  for (const tag of digestTags) {
    const value = tags
      .find((t) => t.key === tag)
      ?.value.trim()
      .toLowerCase()
      .replace(/^sha256:/, "");
    if (value && /^[0-9a-f]{64}$/.test(value)) return { digest: value, tag };
  }
  return null;
}

/** A model as the engine takes it; the hash covers everything that is written of it. */
export function seenModelOf(m: {
  id: string;
  name: string;
  description?: string | null | undefined;
  aliases: readonly { alias: string; version: string }[];
  tags: readonly { key: string; value: string }[];
  raw: unknown;
}) {
  const written = {
    name: clean(m.name),
    description: clip(clean(m.description), 4000),
    aliases: m.aliases
      .map((a) => ({ alias: clean(a.alias), version: clean(a.version) }))
      .sort((a, b) => (a.alias < b.alias ? -1 : 1)),
    tags: tagRecord(m.tags),
  };
  return { id: clean(m.id), ...written, sha256: sha256Hex(JSON.stringify(written)), raw: rawOf(m.raw) };
}
