import type { FactValue } from "@/lib/facts/fact";
import type { HttpLimits } from "./http";
import type { BadRecord, ConnectorKind, Stream, Target, Tested } from "./registry";
import type { SourceSystem } from "./systems";

/**
 * The seam between Countersign and a source of facts: a system that holds no models but knows things about them, as Prometheus knows
 * how a service answers. It is set up, tested, scheduled, resumed and shown like a registry (registry.ts); what it yields are
 * observations about subjects, and which model a subject is, is said by the source itself or by a person (decision 0220).
 */
export type SourceKind = ConnectorKind & {
  kind: SourceSystem;
  /** What it calls the things that it observes, as in "Service", and how it says which model one is. */
  subject: { word: string; declared: string };
  /** Takes files of definitions that it has no API for. */
  files?: { title: string; hint: string };
};

/** One value that a source tells about one of its subjects, by a key of the fact catalogue. */
export type Observation = {
  key: string;
  value: FactValue;
  /** When it was true there: the sample's own time, ISO 8601. Not when it was read. */
  effectiveAt: string;
  /** How it was read, e.g. the query with its window. */
  detail: string;
};

/** A subject and all that one read tells about it. */
export type SeenSubject = {
  /** What the source calls it. Stable, at most 500 characters. */
  subject: string;
  /** The model that the source itself says it is, by a label or an annotation; null: it does not say. */
  declared: string | null;
  observations: Observation[];
};

/** A page of what a source tells. A subject is whole on one page. */
export type SubjectPage = {
  subjects: SeenSubject[];
  bad: BadRecord[];
  /** Where the next page begins (opaque, at most 4,000 characters); null: everything has been read. */
  next: string | null;
  /** Streams that could not be read although the rest could, and why. */
  unread: { stream: Stream; why: string }[];
};

export type SubjectsFrom = {
  token: string | null;
  /** Subjects in a page, at most. */
  size: number;
  /** The instant that is asked about. */
  now: Date;
};

/** An open connection to a source. Every method throws UpstreamFault when the source fails. */
export type SourceClient = {
  /** Tries what a sync needs, step by step; writes nothing. */
  test: (now: Date) => Promise<Tested>;
  read: (from: SubjectsFrom) => Promise<SubjectPage>;
  close: () => void;
};

/** A file of definitions that was uploaded for this connection, or that it reads from Git at `commit`. */
export type SourceFile = { name: string; content: string; commit: string | null };

export type Source = {
  open: (target: Target, files: readonly SourceFile[], limits?: Partial<HttpLimits>) => SourceClient;
};
