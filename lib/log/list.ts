import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { isUuid } from "@/lib/core/ids";
import type { LogLine, LogList } from "./entry";

type Raw = {
  id: string;
  idx: string | null;
  hash: Buffer | null;
  kind: "command" | "signature";
  name: string;
  at: string | Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  subject_kind: string;
  subject_id: string;
  subject_ref: string;
  model_id: string | null;
  summary: string;
};

export const lineColumns = sql`e.id, l.idx, l.hash, e.kind, e.name, e.at, e.actor_kind, e.actor_id, e.actor_name,
  e.subject_kind, e.subject_id, e.subject_ref, e.model_id, e.summary`;

export const lineOf = (r: Raw): LogLine => ({
  id: r.id,
  index: r.idx === null ? null : Number(r.idx),
  hash: r.hash?.toString("hex") ?? null,
  kind: r.kind,
  name: r.name,
  at: new Date(r.at).toISOString(),
  actor: { kind: r.actor_kind, id: r.actor_id, name: r.actor_name },
  subject: { kind: r.subject_kind, id: r.subject_id, ref: r.subject_ref },
  modelId: r.model_id,
  summary: r.summary,
});

/** One page of the entries that `seen` lets through, newest first. Ids sort by time of writing, so the page is cut by them and follows the log's order. */
export async function listEntries(
  read: Reader,
  input: LogList,
  seen: SQL,
): Promise<{ entries: LogLine[]; next: string | null }> {
  const { rows } = await read.execute<Raw>(sql`
    select ${lineColumns} from log_entry e left join log_leaf l on l.entry_id = e.id
    where ${sql.join([seen, ...conditions(input)], sql` and `)} order by e.id desc limit ${input.limit + 1}`);
  const entries = rows.slice(0, input.limit).map(lineOf);
  return { entries, next: rows.length > input.limit ? (entries.at(-1)?.id ?? null) : null };
}

function conditions(input: LogList): SQL[] {
  const out: SQL[] = [];
  const words = (input.q ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length > 0) {
    // Each word quoted and open at its end, so that no input is an operator and typing finds at once.
    const ask = words.map((word) => `'${word}':*`).join(" & ");
    out.push(sql`log_entry_words(e.summary, e.subject_ref, e.actor_name, e.name) @@ to_tsquery('simple', ${ask})`);
  } else if (input.q) out.push(sql`false`);
  if (input.actor) out.push(sql`(e.actor_id = ${input.actor} or e.actor_name = ${input.actor})`);
  if (input.name)
    out.push(input.name.endsWith(".") ? sql`starts_with(e.name, ${input.name})` : sql`e.name = ${input.name}`);
  if (input.subject) out.push(sql`(e.subject_ref = ${input.subject} or e.subject_id = ${input.subject})`);
  if (input.model)
    out.push(sql`e.id in (
      with m as (select id from model where name = ${input.model} ${isUuid(input.model) ? sql`or id = ${input.model}::uuid` : sql``})
      select b.id from log_entry b join m on m.id = b.model_id
      union select c.entry_id from log_entry_model c join m on m.id = c.model_id)`);
  if (input.kind) out.push(sql`e.kind = ${input.kind}`);
  if (input.from) out.push(sql`e.at >= ${input.from}::date`);
  if (input.to) out.push(sql`e.at < ${input.to}::date + 1`);
  if (input.after) out.push(sql`e.id < ${input.after}::uuid`);
  return out;
}
