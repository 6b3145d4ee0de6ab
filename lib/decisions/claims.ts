/** How one record says it stands to another. */
export const linkKinds = ["superseded_by", "supersedes", "amended_by", "amends"] as const;
export type LinkKind = (typeof linkKinds)[number];

/**
 * What a record's file claims about another record. A claim is shown and never believed: superseding happens in the portal.
 * `target` is what the file points at: the path of a link, else a number or reference such as 0019 or ADR-0007, else null.
 */
export type Claim = { kind: LinkKind; target: string | null; words: string; partly: boolean };

const ways: readonly (readonly [RegExp, LinkKind])[] = [
  [
    /\b(?:supersee?ded|superceded|replaced|obsoleted)(?:\s+by\b|\s*[:–-]|(?=\s*\[)|(?=\s+(?:adr|\d)))/i,
    "superseded_by",
  ],
  [/\b(?:supersedes|superseeds|supercedes|replaces|obsoletes)\b/i, "supersedes"],
  [/\bamended\s+by\b/i, "amended_by"],
  [/\bamends\b/i, "amends"],
];

/** Whether words such as “Partly superseded” leave the rest of the record standing. */
export const partial = (text: string): boolean => /\b(?:partly|partially|in part)\b/i.test(text);

/** The claims of a status text or of the lines below the title: one for each record that a line names. */
export function claimsIn(text: string): Claim[] {
  const claims: Claim[] = [];
  for (const line of text.slice(0, 4000).split("\n").slice(0, 40)) {
    const found = ways
      .map(([pattern, kind]) => ({ kind, match: pattern.exec(line) }))
      .filter((way): way is { kind: LinkKind; match: RegExpExecArray } => way.match !== null)
      .sort((a, b) => a.match.index - b.match.index);
    for (const [i, { kind, match }] of found.entries()) {
      const words = line.slice(match.index + match[0].length, found[i + 1]?.match.index ?? line.length);
      const targets = targetsIn(words);
      const partly = partial(line);
      if (targets.length === 0) claims.push({ kind, target: null, words: line.trim().slice(0, 300), partly });
      for (const target of targets) claims.push({ kind, target, words: line.trim().slice(0, 300), partly });
    }
  }
  return claims;
}

function targetsIn(words: string): string[] {
  const links = [...words.matchAll(/\[[^\]]{0,300}\]\(\s*<?([^)>\s]{1,300})>?[^)]{0,200}\)/g)].map(([, to = ""]) => to);
  if (links.length > 0) return links.slice(0, 20);
  const numbers = [...words.matchAll(/\bADR[\s_#-]*(\d{1,6})\b|(?:^|[\s#(,])(\d{1,6})(?![\d-])/gi)].map(
    ([, ref, bare]) => ref ?? bare ?? "",
  );
  const files = [...words.matchAll(/[\w./-]{1,200}\.md\b/g)].map(([file]) => file);
  return (files.length > 0 ? files : numbers).slice(0, 20);
}

/** Which of the collection's files a claim points at: by its path beside the claiming file, else by its leading number. */
export function fileOfClaim(target: string, from: string, paths: readonly string[]): string | null {
  const [bare = ""] = target.split("#");
  if (/^[a-z]+:\/\//i.test(bare)) {
    const end = paths.filter((p) => bare.endsWith(`/${p.split("/").at(-1)}`));
    return end.length === 1 ? (end[0] ?? null) : null;
  }
  if (/\.mdx?$/i.test(bare)) {
    const folder = from.split("/").slice(0, -1);
    for (const part of decoded(bare).split("/")) {
      if (part === "..") folder.pop();
      else if (part !== "." && part !== "") folder.push(part);
    }
    const path = folder.join("/");
    return paths.includes(path) ? path : null;
  }
  const number = /(\d+)/.exec(bare)?.[1];
  if (number === undefined) return null;
  const folder = from.split("/").slice(0, -1).join("/");
  const same = paths.filter((p) => {
    const parts = p.split("/");
    const own = /^(?:adr[-_]?)?(\d+)[-_. ]/i.exec(parts.at(-1) ?? "")?.[1];
    return own !== undefined && Number(own) === Number(number) && parts.slice(0, -1).join("/") === folder;
  });
  return same.length === 1 ? (same[0] ?? null) : null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
