/** Vocabulary of facts: what was observed about a model or one of its versions (architecture.md, "Facts, then checks"). */
export const subjectKinds = ["model", "model_version"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export const sourceKinds = ["connection", "person", "push", "system"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** How a value is shaped: `instant` is an ISO 8601 instant in UTC, `numbers` a flat record of numbers, `record` one of scalars. */
export const factTypes = ["text", "number", "boolean", "instant", "texts", "numbers", "record"] as const;
export type FactType = (typeof factTypes)[number];

export type FactValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | { readonly [key: string]: string | number | boolean | null };

/** Who says so. `id` is a connection, person or token id; `runRef` names the sync run or CI job that read it. */
export type FactSource = { kind: SourceKind; id: string; name: string; runRef?: string | null };

/** An observation to be recorded. `effectiveAt`: when it was true in the world; `collectedAt`: when the source was read. */
export type NewFact = {
  subjectKind: SubjectKind;
  subjectId: string;
  key: string;
  value: FactValue;
  effectiveAt: Date;
  collectedAt: Date;
  source: FactSource;
  /** How it was read, e.g. the query with its window. */
  detail?: string | null;
};

/** A recorded observation with its provenance. */
export type Fact = {
  id: string;
  subjectKind: SubjectKind;
  subjectId: string;
  key: string;
  value: FactValue;
  effectiveAt: Date;
  collectedAt: Date;
  recordedAt: Date;
  source: { kind: SourceKind; id: string; name: string; runRef: string | null };
  /** How it was read, e.g. the query with its window. */
  detail?: string | null;
};

/** What was wrong with a value for its key, in words; null when it fits. */
export function valueFault(type: FactType, value: unknown): string | null {
  switch (type) {
    case "text":
      return typeof value === "string" && value.length <= 2000 ? null : "Give text of at most 2000 characters.";
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? null : "Give a finite number.";
    case "boolean":
      return typeof value === "boolean" ? null : "Give true or false.";
    case "instant":
      return typeof value === "string" && isInstant(value)
        ? null
        : 'Give an instant in UTC such as "2026-11-20T09:30:00Z".';
    case "texts":
      return Array.isArray(value) && value.length <= 200 && value.every((v) => typeof v === "string" && v.length <= 500)
        ? null
        : "Give a list of at most 200 texts of at most 500 characters.";
    case "numbers":
      return isFlat(value, (v) => typeof v === "number" && Number.isFinite(v))
        ? null
        : "Give a flat object of at most 500 finite numbers.";
    case "record":
      return isFlat(
        value,
        (v) =>
          v === null ||
          typeof v === "boolean" ||
          (typeof v === "number" && Number.isFinite(v)) ||
          (typeof v === "string" && v.length <= 2000),
      )
        ? null
        : "Give a flat object of at most 500 texts, numbers, booleans or nulls.";
  }
}

const isInstant = (value: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/.test(value) && Number.isFinite(Date.parse(value));

function isFlat(value: unknown, fits: (inner: unknown) => boolean): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= 500 && entries.every(([key, inner]) => key.length <= 250 && fits(inner));
}

/** Whether the fact was read longer ago than its key allows. Days; null never goes stale. */
export const isStale = (fact: Pick<Fact, "collectedAt">, maxAgeDays: number | null, now: Date): boolean =>
  maxAgeDays !== null && now.getTime() - fact.collectedAt.getTime() > maxAgeDays * 86_400_000;
