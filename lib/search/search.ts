export const hitKinds = [
  "model",
  "adr",
  "review",
  "release",
  "condition",
  "person",
  "pattern",
  "version",
  "entry",
  "page",
] as const;
export type HitKind = (typeof hitKinds)[number];

/** The heading over hits of a kind. */
export const hitKindName: Record<HitKind, string> = {
  model: "Models",
  adr: "Decisions",
  review: "Reviews",
  release: "Releases",
  condition: "Conditions",
  person: "People",
  pattern: "Patterns",
  version: "Digests",
  entry: "Log",
  page: "Pages",
};

/** One answer: what it is, where it lives, and a line that tells it apart. */
export type Hit = { kind: HitKind; ref: string; title: string; detail: string; href: string };

/** What was typed, taken apart. Nothing is an error: what is not understood is text to look for. */
export type Asked = {
  text: string;
  kinds: readonly HitKind[] | null;
  /** Field filters on models: tier:1, stage:live. */
  tier: number | null;
  stage: string | null;
  /** A reference such as REV-0412, also typed as "rev 412". */
  ref: { kind: string; number: number } | null;
  /** A log index, typed alone or as #48219. */
  index: number | null;
  /** Leading hex digits of a SHA-256. */
  digest: string | null;
};

const kindWords: Readonly<Record<string, HitKind>> = {
  model: "model",
  decision: "adr",
  adr: "adr",
  review: "review",
  release: "release",
  person: "person",
  people: "person",
  pattern: "pattern",
};

export function parseAsked(q: string): Asked {
  let tier: number | null = null;
  let stage: string | null = null;
  let kinds: HitKind[] | null = null;
  const text = q
    .replace(/\b(tier|stage|kind|is):(\S+)/gi, (all, field: string, value: string) => {
      const name = field.toLowerCase();
      const kind = kindWords[value.toLowerCase()];
      if (name === "tier" && /^t?[1-4]$/i.test(value)) tier = Number(value.slice(-1));
      else if (name === "stage" && /^[a-z]+$/i.test(value)) stage = value.toLowerCase();
      else if ((name === "kind" || name === "is") && kind) kinds = [...(kinds ?? []), kind];
      else return all;
      return " ";
    })
    .replace(/\s+/g, " ")
    .trim();
  const ref = /^(adr|rev|rel|con|wvr|inc|fnd|uc)[\s-]?0*(\d{1,9})$/i.exec(text);
  const index = /^#?([\d,]{1,15})$/.exec(text);
  const digest = /^(?:sha256:)?([0-9a-f]{6,64})$/i.exec(text);
  return {
    text,
    kinds,
    tier,
    stage,
    ref: ref ? { kind: (ref[1] ?? "").toUpperCase(), number: Number(ref[2]) } : null,
    index: index && /\d/.test(text) ? Number((index[1] ?? "").replaceAll(",", "")) : null,
    digest: digest ? (digest[1] ?? "").toLowerCase() : null,
  };
}

/** A pattern for ILIKE that finds the text as it is typed, with its wildcards taken literally. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`);
