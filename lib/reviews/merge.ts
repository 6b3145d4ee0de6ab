import { mergeTexts } from "@/lib/library/merge";
import { parts, sections } from "./sections";
import { fieldTitle, mostPart, mostRows, mostText, Submission, sameValue } from "./submission";

/** What the form of a draft holds. */
export type DraftText = { title: string; adr: string | null; submission: Submission };

export type MergedDraft = {
  draft: DraftText;
  /** Headings of fields that were taken from the other side. */
  taken: string[];
  /** Headings of fields where both changed the same lines: both stand between marks, or mine stands where there is one line. */
  both: string[];
};

/** Fields that may have many lines, with the most characters each takes. */
const prose: ReadonlyMap<string, number> = new Map([
  ...sections.map((s) => [s.id, mostText] as const),
  ...parts.map((p) => [p.id, mostPart] as const),
]);

/**
 * Two versions of one draft against the version that both began with, field by field: what only one side changed is taken from
 * that side; texts that both changed are merged by lines; of lists, rows of both stay. Nothing that either side typed is lost but a
 * single-line field that both changed, where mine stands and the other is named in `both`.
 */
export function mergeDrafts(base: DraftText, mine: DraftText, theirs: DraftText, other: string): MergedDraft {
  const taken: string[] = [];
  const both: string[] = [];
  const pick = (field: string, title: string, b: unknown, m: unknown, t: unknown): unknown => {
    if (sameValue(m, t) || sameValue(b, t)) return m;
    if (sameValue(b, m)) {
      taken.push(title);
      return t;
    }
    const most = prose.get(field);
    if (most !== undefined) {
      const merged = mergeTexts(
        { own: String(m ?? ""), base: String(b ?? ""), shipped: String(t ?? "") },
        { own: "yours", base: "before", shipped: other },
      );
      const fits = merged.text.length <= most;
      (merged.conflicts > 0 || !fits ? both : taken).push(title);
      return fits ? merged.text : m;
    }
    both.push(title);
    if (!Array.isArray(m) || !Array.isArray(t)) return m;
    const rows: unknown[] = [...m, ...t.filter((row) => !m.some((r) => sameValue(r, row)))];
    return rows.length <= mostRows ? rows : m;
  };
  const at = (draft: DraftText) => new Map<string, unknown>(Object.entries(draft.submission));
  const [b, m, t] = [at(base), at(mine), at(theirs)];
  const fields = new Set([...m.keys(), ...t.keys()]);
  fields.delete("filled");
  const merged = [...fields].map((f) => [f, pick(f, fieldTitle(f), b.get(f), m.get(f), t.get(f))] as const);
  // A text that is filled in on both sides, and came out as either has it, is still what its source says.
  const filled = Object.entries({ ...theirs.submission.filled, ...mine.submission.filled }).filter(([f]) => {
    const value = merged.find(([field]) => field === f)?.[1];
    return [mine, theirs].some((d) => f in (d.submission.filled ?? {}) && sameValue(at(d).get(f), value));
  });
  const submission = Submission.parse(
    Object.fromEntries([...merged, ["filled", Object.fromEntries(filled)] as const].filter(([, v]) => v !== undefined)),
  );
  return {
    draft: {
      title: String(pick("title", "Title", base.title, mine.title, theirs.title)),
      adr: textOrNull(pick("adr", "Decision record", base.adr, mine.adr, theirs.adr)),
      submission,
    },
    taken,
    both,
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
