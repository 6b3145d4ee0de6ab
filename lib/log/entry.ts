import { z } from "zod";
import { day } from "@/lib/core/when";

/** An entry in a list of the log. `index` is null until the sequencer has given it its place, some milliseconds after. */
export type LogLine = {
  id: string;
  index: number | null;
  /** Leaf hash, hex; null like the index. */
  hash: string | null;
  kind: "command" | "signature";
  name: string;
  at: string;
  actor: { kind: string; id: string; name: string };
  subject: { kind: string; id: string; ref: string };
  modelId: string | null;
  summary: string;
};

/** One entry with its exact bytes (base64) and the proof that it stands in the tree of the latest checkpoint. */
export type LogEntryView = LogLine & {
  leaf: string;
  /** What changed, in full, as text; null for a signature. */
  body: string | null;
  bodySha256: string | null;
  requestId: string;
  proof: LogProofView | null;
};

/** Everything that verifies an entry with no word from the portal; hashes in base64. */
export type LogProofView = {
  origin: string;
  vkey: string;
  index: number;
  size: number;
  hashes: string[];
  checkpoint: string;
};

/** The log as it stands. Nobody outside the portal has countersigned a checkpoint yet, so `witnesses` is empty and the page says so. */
export type LogHead = {
  origin: string;
  size: number;
  /** Root hash, hex. */
  root: string;
  signedAt: string;
  note: string;
  waiting: number;
  witnesses: readonly string[];
  /** Whether the stored tree has the root that was signed. */
  verified: boolean;
  /** Why nothing is signed, if so. */
  refused: string | null;
};

export const logListInput = z.strictObject({
  /** Words of summary, subject, actor or entry name; the beginning of a word is enough. */
  q: z.string().trim().max(200, "At most 200 characters.").optional(),
  actor: z.string().max(200).optional(),
  /** Entry name, or its beginning followed by a dot: `review.` */
  name: z.string().max(100).optional(),
  /** Subject reference such as REL-0001. */
  subject: z.string().max(300).optional(),
  /** Model name or id. */
  model: z.string().max(300).optional(),
  kind: z.enum(["command", "signature"]).optional(),
  from: day("Write the day as YYYY-MM-DD.").optional(),
  to: day("Write the day as YYYY-MM-DD.").optional(),
  /** Cursor: the `next` of the page before. */
  after: z.uuid("Use the `next` value of the page before.").optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type LogList = z.output<typeof logListInput>;

export const logEntryInput = z.strictObject({
  /** Index in the log, or the entry's id. */
  index: z
    .string()
    .regex(/^(0|[1-9]\d{0,15}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, "Give an index in the log or an entry id."),
});

/** What entries are about, by the first word of their names. */
export const entryAreas = [
  { value: "model.", label: "Models" },
  { value: "review.", label: "Reviews" },
  { value: "adr.", label: "Decision records" },
  { value: "condition.", label: "Conditions" },
  { value: "finding.", label: "Findings" },
  { value: "readiness.", label: "Readiness" },
  { value: "deployment.", label: "Deployments" },
  { value: "approval.", label: "Approvals" },
  { value: "release.", label: "Releases" },
  { value: "gate.", label: "Gate answers" },
  { value: "credential.", label: "Keys of people" },
  { value: "portal_key.", label: "Keys of the portal" },
  { value: "connection.", label: "Connections" },
  { value: "token.", label: "API tokens" },
  { value: "person.", label: "People" },
] as const;

/** Where an entry's subject has a page; null where it has none. */
export function subjectPage({ kind, ref }: LogLine["subject"]): string | null {
  const place: Readonly<Record<string, string>> = {
    model: "/models/",
    review: "/reviews/",
    adr: "/decisions/",
    release: "/releases/",
  };
  const base = place[kind];
  return base ? base + encodeURIComponent(ref) : null;
}
