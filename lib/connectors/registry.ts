import type { z } from "zod";
import type { FactValue } from "@/lib/facts/fact";
import type { Platform } from "@/lib/models/model";
import type { HttpLimits } from "./http";
import type { RegistrySystem } from "./systems";

/**
 * The seam between Countersign and a model registry. A registry is described (`RegistryKind`: what the setup page asks for) and
 * implemented (`Registry`: how it is tested, read and written). Everything else, resuming, batches, what changed, quarantine,
 * what vanished, is done once, in lib/connections (decision 0009).
 */

/** A way to sign in, and what it asks for. */
export type SignIn = {
  id: string;
  title: string;
  /** What the user name is called there, e.g. "Client id"; left out: none is asked for. */
  username?: string;
  /** What the secret is called, e.g. "Password". Sealed at rest, never shown. */
  secret?: { label: string; hint?: string; long?: boolean };
};

/** What the setup page asks for, of registries and of sources of facts (source.ts) alike. Pure. */
export type ConnectorKind = {
  title: string;
  /** One line: what is read, and with which permission. */
  reads: string;
  address: {
    label: string;
    hint: string;
    /** The address where it follows from the settings (a region); then it may be left out. */
    from?: (settings: Settings) => string;
  };
  signIn: readonly SignIn[];
  /** Strict object of scalars with `.meta({ title, description })`; the form is derived from it. */
  settings: z.ZodObject;
};

/** A registry: also where a model is seen in its own pages. */
export type RegistryKind = ConnectorKind & {
  kind: RegistrySystem;
  /** What marks the version that production serves: an alias, a stage, a status. */
  prodAlias: { label: string; default: string };
  platform: (baseUrl: string) => Platform;
  modelUrl: (baseUrl: string, model: ModelRef) => string;
};

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Where a registry is and how to sign in to it. `secret` is open here and nowhere else. */
export type Target = {
  baseUrl: string;
  auth: string;
  username: string | null;
  secret: string | null;
  settings: Settings;
};

/** A model of a registry: `id` never changes there (its name where the registry has nothing better), `name` is what people see. */
export type ModelRef = { id: string; name: string };

/** A registered model. */
export type SeenModel = ModelRef & {
  description: string;
  /** Complete: an alias that is not here was taken away. */
  aliases: { alias: string; version: string }[];
  tags: Record<string, string>;
  /** Hash of all that is written of it, hex: the same hash means nothing to do. */
  sha256: string;
  /** The registry's own record, as it came. */
  raw: string;
};

/** A model version. Instants as ISO 8601. */
export type SeenVersion = {
  model: ModelRef;
  version: string;
  runId: string | null;
  source: string | null;
  status: string;
  registeredAt: string;
  /** Last change in the registry; an older record never overwrites a newer one. Null where the registry does not say. */
  changedAt: string | null;
  user: string | null;
  description: string;
  tags: Record<string, string>;
  /** SHA-256 hex that a tag vouches for, and that tag's key. */
  digest: string | null;
  digestTag: string | null;
  /** Git commit, where the registry itself holds it. */
  commit: string | null;
  /** What else the record says, by keys of the fact catalogue. */
  facts: Record<string, FactValue>;
  /** Datasets that the registry itself says the version was made from. */
  inputs: { id: string; name: string }[];
  /** The registry's record without aliases, which live elsewhere. */
  raw: string;
};

/** A version that an endpoint or a job serves. */
export type SeenServing = {
  /** Stable id of the served entity, e.g. endpoint and entity name. */
  id: string;
  endpoint: string;
  kind: "endpoint" | "job";
  region: string | null;
  /** The model's id in this registry, and the version; both may be unknown to the inventory. */
  model: string;
  version: string;
  /** Share of the endpoint's traffic, 0 to 100; null where it is not split. */
  traffic: number | null;
  /** As the registry says it, e.g. READY. */
  state: string;
  url: string | null;
  changedAt: string | null;
  raw: string;
};

/** What a run tells about the version it produced. */
export type SeenRun = {
  versionId: string;
  runId: string;
  /** Null: the run was deleted. */
  name: string | null;
  ended: boolean;
  commit: string | null;
  user: string | null;
  facts: Record<string, FactValue>;
  datasets: { name: string; digest: string; context: string | null }[];
};

export type Stream = "models" | "versions" | "serving" | "runs" | "facts";

/** A record that cannot be understood. It is kept, counted and shown, and the rest is read. */
export type BadRecord = {
  stream: Stream;
  /** Its id or name as far as it can be told; null: only its hash tells it apart. */
  key: string | null;
  /** In words, e.g. `creation_timestamp: expected a whole number`. */
  reason: string;
  raw: string;
};

/** A page of what a registry holds. A page may be empty and not be the last. */
export type Page = {
  models: SeenModel[];
  versions: SeenVersion[];
  serving: SeenServing[];
  bad: BadRecord[];
  /** Ids of models that are there but were not read again, because nothing about them changed. */
  present: string[];
  /** Where the next page begins (opaque, at most 4,000 characters); null: everything has been read. */
  next: string | null;
  /** The newest change of a version up to here, ms; the next sync asks for what changed since. Null: the registry cannot tell. */
  watermark: number | null;
  /** Streams that could not be read although the rest could, and why. What they held before stays. */
  unread: { stream: Stream; why: string }[];
};

export const emptyPage: Page = {
  models: [],
  versions: [],
  serving: [],
  bad: [],
  present: [],
  next: null,
  watermark: null,
  unread: [],
};

export type From = {
  /** `next` of the page before; null at the beginning. */
  token: string | null;
  /** Only what changed at or after this matters, ms; null: everything. */
  since: number | null;
  /** Records in a page, at most. */
  size: number;
};

/** A version whose run or files have still to be read. */
export type Pending = { id: string; model: ModelRef; version: string; runId: string | null };

export type Artifacts = {
  /** SHA-256 hex; null with the reason in `source`. */
  digest: string | null;
  source: string;
  facts: Record<string, FactValue>;
};

/** One thing that was tried, how it went, and the permission that it takes. */
export type Probe = { what: string; ok: boolean; text: string; missing: string | null };

export type Tested = {
  ok: boolean;
  /** One sentence that says it all. */
  summary: string;
  /** As whom the registry knows us, where it says. */
  identity: string | null;
  serverVersion: string | null;
  /** Registered models on the first page; `more` when there are further ones. */
  models: number | null;
  more: boolean;
  /** How far its clock is ahead of ours; null where it shows none. */
  skewMs: number | null;
  /** Permissions that were found missing. */
  missing: readonly string[];
  probes: readonly Probe[];
};

/** A first look, before anything is imported. Null counts are not known cheaply. */
export type Outline = {
  models: { ref: ModelRef; versions: number | null }[];
  more: boolean;
  versions: number | null;
  /** Models whose record cannot be understood. */
  unreadable?: number;
};

/** What a promotion sends and gets, for its receipt. No secrets. */
export type Write = { request: string; response: string };

/** An open connection to a registry. Every method throws UpstreamFault when the registry fails. */
export type RegistryClient = {
  /** Tries what a sync needs, step by step; writes nothing. */
  test: () => Promise<Tested>;
  outline: (most: number) => Promise<Outline>;
  read: (from: From) => Promise<Page>;
  /** One model with its versions, for a hint that it changed; null: it is not there. */
  readModel?: (id: string) => Promise<Page | null>;
  /** The runs of these versions. */
  runs?: (pending: readonly Pending[]) => Promise<{ runs: SeenRun[]; bad: BadRecord[] }>;
  /** The digest of a version's files. */
  artifacts?: (version: Pending) => Promise<Artifacts>;
  promotion?: {
    /** The version that the alias stands on; null: none. */
    readBack: (model: ModelRef, alias: string) => Promise<string | null>;
    /** Sets it, and notes the release beside the version. Doing it twice does no harm. */
    promote: (to: { model: ModelRef; version: string; alias: string; releaseRef: string }) => Promise<Write[]>;
  };
  close: () => void;
};

export type Registry = { open: (target: Target, limits?: Partial<HttpLimits>) => RegistryClient };
