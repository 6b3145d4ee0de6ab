import type { FactType, SubjectKind } from "./fact";

/** A kind of fact. `maxAgeDays` counts from the reading of the source; null for what does not change once true. */
export type FactKey = {
  key: string;
  type: FactType;
  about: SubjectKind | "either";
  /** Unit of a number, "" for the rest. */
  unit: string;
  meaning: string;
  maxAgeDays: number | null;
  /** The kind of system that knows it, in words, for "connect X to answer this". */
  from: string;
};

/** Default ages in days: what a system is asked again and again, tests, drills, documents. */
export const maxAge = { auto: 1, test: 90, drill: 180, document: 365 } as const;

/** The kinds of systems that know facts, in words. */
export const knownBy = {
  registry: "Model registry (MLflow)",
  monitoring: "Monitoring (Prometheus, drift monitor)",
  security: "Security scanner",
  delivery: "Delivery pipeline (CI/CD)",
  evaluation: "Evaluation pipeline",
  dataPlatform: "Data platform",
  onCall: "On-call system",
  billing: "Cloud billing",
  portal: "Countersign",
} as const;

export const factOf = (
  key: string,
  type: FactType,
  about: FactKey["about"],
  maxAgeDays: number | null,
  from: string,
  meaning: string,
  unit = "",
): FactKey => ({ key, type, about, unit, meaning, maxAgeDays, from });
