import { createHash, randomBytes } from "node:crypto";
import type { Actor } from "./actor";
import { newId } from "./ids";

/** What a command says about itself in the log. */
export type Entry = {
  subject: { kind: string; id: string; ref: string };
  modelId?: string | null;
  /** Ids of further models that it concerns, so that each one's history shows it: a bulk action is one entry. */
  concerns?: readonly string[];
  /** One plain sentence for people, without the actor's name: "recorded the decision: approved with conditions". */
  summary: string;
  /** What changed, in full; stored as bytes and bound by its hash. No secrets. */
  body: Readonly<Record<string, unknown>>;
};

/** A row for log_entry; see db/schema/log.ts. */
export type EntryRow = {
  id: string;
  kind: "command" | "signature";
  name: string;
  at: Date;
  actorKind: string;
  actorId: string;
  actorName: string;
  subjectKind: string;
  subjectId: string;
  subjectRef: string;
  modelId: string | null;
  concerns: readonly string[];
  summary: string;
  leaf: Buffer;
  body: Buffer | null;
  requestId: string;
};

/** Version of the command leaf format; frozen for the life of a log origin. */
export const entryLeafVersion = "countersign/entry/v1";

let unused = Buffer.alloc(0);

/** 16 random bytes in hex, each used once; fetched by the hundred, since asking the system costs more than the rest of an entry. */
function nonce(): string {
  if (unused.length < 16) unused = randomBytes(16 * 128);
  const next = unused.toString("hex", 0, 16);
  unused = unused.subarray(16);
  return next;
}

/**
 * Builds the row of a command's entry. The leaf is canonical JSON of ids and hashes only (no personal text,
 * signing.md section 4): `{actor, at, body, name, nonce, subject, v}` in key order, body as SHA-256 hex. The nonce makes the
 * leaf unguessable, so that erasing the body erases the content.
 */
export function entryRow(name: string, actor: Actor, entry: Entry, at: Date, requestId: string): EntryRow {
  const body = Buffer.from(JSON.stringify(entry.body));
  const leaf = Buffer.from(
    JSON.stringify({
      actor: `${actor.kind}:${actor.id}`,
      at: at.toISOString(),
      body: createHash("sha256").update(body).digest("hex"),
      name,
      nonce: nonce(),
      subject: `${entry.subject.kind}:${entry.subject.id}`,
      v: entryLeafVersion,
    }),
  );
  return {
    id: newId(),
    kind: "command",
    name,
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    subjectKind: entry.subject.kind,
    subjectId: entry.subject.id,
    subjectRef: entry.subject.ref,
    modelId: entry.modelId ?? null,
    concerns: entry.concerns ?? [],
    summary: entry.summary,
    leaf,
    body,
    requestId,
  };
}

/** A signature that must have a leaf of its own, so that third-party verifiers find it (signing.md section 4, leaf format). */
export type SignatureLeaf = { id: string; leaf: Buffer; summary: string };

export function signatureRow(parent: EntryRow, signature: SignatureLeaf): EntryRow {
  return {
    ...parent,
    id: signature.id,
    kind: "signature",
    name: "signature",
    concerns: [],
    summary: signature.summary,
    leaf: signature.leaf,
    body: null,
  };
}
