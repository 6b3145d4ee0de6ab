import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { config } from "@/lib/config/config";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { reach } from "@/lib/core/reach";
import { Refusal } from "@/lib/core/refusal";
import { base64, equal } from "@/lib/signing/bytes";
import { signingRefused } from "@/lib/signing/keys";
import { sha256Hex } from "@/lib/signing/sha256";
import { ed25519Raw } from "@/lib/signing/spki";
import { vkey } from "./checkpoint";
import { type LogEntryView, type LogHead, type LogLine, logEntryInput, logListInput } from "./entry";
import { lineColumns, lineOf, listEntries } from "./list";
import { emptyRoot } from "./merkle";
import { inclusionProof, rootAt } from "./proof";
import { hashReader } from "./store";

function insistOnReading(actor: Actor): void {
  if (!holds(actor, "log:read"))
    throw new Refusal("forbidden", "Your roles do not let you read the log. Ask an administrator for the role Viewer.");
}

/** What of the log `e` the actor may read: what concerns no model, and what concerns a model of a unit that the right reaches. */
function seenEntries(actor: Actor): SQL {
  return reach(actor, "log:read") === null
    ? sql`true`
    : sql`(e.model_id is null or exists (
        select 1 from model m where m.id = e.model_id and ${inReach(actor, "log:read", sql`m.business_unit_id`)}))`;
}

/** The newest signed checkpoint; null before the first. */
export async function latestCheckpoint(
  read: Reader,
): Promise<{ size: number; root: Buffer; note: string; signedAt: Date } | null> {
  const { rows } = await read.execute<{ size: string; root: Buffer; note: string; signed_at: string | Date }>(
    sql`select size, root, note, signed_at from log_checkpoint order by size desc limit 1`,
  );
  const [row] = rows;
  return row ? { size: Number(row.size), root: row.root, note: row.note, signedAt: new Date(row.signed_at) } : null;
}

/** The log's active public key; null before the first start. */
export async function activeLogKey(read: Reader): Promise<{ kid: string; spki: Buffer; createdAt: Date } | null> {
  const { rows } = await read.execute<{ kid: string; spki: Buffer; created_at: string | Date }>(
    sql`select kid, spki, created_at from portal_key where purpose = 'log' and retired_at is null`,
  );
  const [row] = rows;
  return row ? { kid: row.kid, spki: row.spki, createdAt: new Date(row.created_at) } : null;
}

// Every page shows the head, so the stored tree is compared with it once a minute and whenever another root was signed.
let compared: { root: string; at: number; same: boolean } | null = null;
async function sameTree(read: Reader, size: number, root: Buffer): Promise<boolean> {
  const hex = root.toString("hex");
  if (compared?.root !== hex || Date.now() - compared.at > 60_000)
    compared = { root: hex, at: Date.now(), same: equal(await rootAt(hashReader(read), size), root) };
  return compared.same;
}

/** The log as it stands, for the shell and the log page. */
export async function head(read: Reader): Promise<LogHead> {
  const [latest, { rows }] = await Promise.all([
    latestCheckpoint(read),
    read.execute<{ waiting: string }>(sql`select count(*) as waiting from log_queue`),
  ]);
  const root = latest?.root ?? Buffer.from(emptyRoot);
  return {
    origin: config().logOrigin,
    size: latest?.size ?? 0,
    root: root.toString("hex"),
    signedAt: (latest?.signedAt ?? new Date(0)).toISOString(),
    note: latest?.note ?? "",
    waiting: Number(rows[0]?.waiting ?? 0),
    witnesses: [],
    verified: latest !== null && (await sameTree(read, latest.size, root)),
    refused: signingRefused(),
  };
}

/** The history of a subject or a model, newest first, for right-hand panels. */
export async function entriesFor(
  read: Reader,
  of: { subject?: { kind: string; id: string }; modelId?: string; limit: number; after?: string },
): Promise<LogLine[]> {
  const before = (id: SQL) => (of.after ? sql`and ${id} < ${of.after}::uuid` : sql``);
  const { rows } = await read.execute<Parameters<typeof lineOf>[0]>(sql`
    select ${lineColumns} from log_entry e left join log_leaf l on l.entry_id = e.id where true
      ${of.subject ? sql`and e.subject_kind = ${of.subject.kind} and e.subject_id = ${of.subject.id}` : sql``}
      ${
        of.modelId
          ? sql`and e.id in (
              (select id from log_entry where model_id = ${of.modelId}::uuid ${before(sql`id`)} order by id desc limit ${of.limit})
              union
              (select entry_id from log_entry_model where model_id = ${of.modelId}::uuid ${before(sql`entry_id`)} order by entry_id desc limit ${of.limit}))`
          : sql``
      }
      ${before(sql`e.id`)}
    order by e.id desc limit ${of.limit}`);
  return rows.map(lineOf);
}

export const logList = query({
  name: "log.listed",
  title: "Search the log",
  http: { method: "GET", path: "/log/entries" },
  input: logListInput,
  run: (read, input, actor) => {
    insistOnReading(actor);
    return listEntries(read, input, seenEntries(actor));
  },
});

export const logEntry = query({
  name: "log.entry.read",
  title: "Read a log entry with its inclusion proof",
  http: { method: "GET", path: "/log/entries/{index}" },
  input: logEntryInput,
  run: async (read, { index }, actor): Promise<LogEntryView> => {
    insistOnReading(actor);
    const where = /^\d+$/.test(index) ? sql`l.idx = ${index}::bigint` : sql`e.id = ${index}::uuid`;
    const { rows } = await read.execute<
      Parameters<typeof lineOf>[0] & { leaf: Buffer; body: Buffer | null; request_id: string; seen: boolean }
    >(sql`select ${lineColumns}, e.leaf, e.body, e.request_id, ${seenEntries(actor)} as seen
      from log_entry e left join log_leaf l on l.entry_id = e.id where ${where}`);
    const [row] = rows;
    if (!row) throw new Refusal("not_found", `The log has no entry ${index}.`);
    if (!row.seen)
      throw new Refusal(
        "forbidden",
        `Entry ${index} is about a model of a business unit whose log you may not read. That it is in the log can be proved by its hash, which is public.`,
      );
    const line = lineOf(row);
    return {
      ...line,
      leaf: row.leaf.toString("base64"),
      body: row.body?.toString("utf8") ?? null,
      bodySha256: row.body ? sha256Hex(row.body) : null,
      requestId: row.request_id,
      proof: await proofOf(read, line.index),
    };
  },
});

async function proofOf(read: Reader, index: number | null): Promise<LogEntryView["proof"]> {
  const [latest, key] = await Promise.all([latestCheckpoint(read), activeLogKey(read)]);
  if (index === null || !latest || !key || index >= latest.size) return null;
  const origin = config().logOrigin;
  return {
    origin,
    vkey: vkey({ origin, raw: ed25519Raw(key.spki) }),
    index,
    size: latest.size,
    hashes: (await inclusionProof(hashReader(read), index, latest.size)).map(base64),
    checkpoint: latest.note,
  };
}

export const logHead = query({
  name: "log.head.read",
  title: "Read the log's signed head",
  http: { method: "GET", path: "/log/head" },
  input: z.strictObject({}),
  run: (read, _input, actor) => {
    insistOnReading(actor);
    return head(read);
  },
});
