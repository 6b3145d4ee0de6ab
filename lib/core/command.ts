import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Db, Tx } from "@/db/client";
import type { Actor } from "./actor";
import { type Entry, type EntryRow, entryRow, type SignatureLeaf, signatureRow } from "./entry";
import { remember, replay } from "./idempotency";
import { newId } from "./ids";
import { parse } from "./parse";
import { insist, Refusal, type Verdict } from "./refusal";
import { sqlState } from "./sql-state";

/** Who asks, when, and where to read and write. */
export type Ctx = {
  db: Db;
  actor: Actor;
  now: () => Date;
  requestId: string;
  /** From the Idempotency-Key header: the same key and input again answers what it answered before, without a second write. */
  idempotencyKey?: string;
  /** Queries answer as of this instant, commands refuse (lib/core/as-of.ts). */
  asOf?: Date;
};

/** Work to do after the command, written in its transaction. `uniqueKey`: at most one such job waits at a time. */
export type Job = { name: string; payload: Readonly<Record<string, unknown>>; uniqueKey?: string; runAt?: Date };

/** What a command leaves: its answer, its log entry (required), and optionally signature leaves and jobs. */
export type Done<O> = { result: O; entry: Entry; signatures?: readonly SignatureLeaf[]; jobs?: readonly Job[] };

/** What a command found already true: it answers without writing, so there is nothing to log. */
export type Unchanged<O> = { unchanged: O };

/** Where an operation lives in the REST API; `{name}` parts come from the path, the rest from the body. */
export type Http = { method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; path: string; status?: number };

type Spec<I extends z.ZodType, S, O> = {
  /** Past tense, `noun.verb`: also the name of its log entry. */
  name: string;
  title: string;
  http: Http | null;
  input: I;
  output?: z.ZodType;
  /** The answer holds a secret that is shown once: it is never kept for an Idempotency-Key, whose repetition is a conflict. */
  secretAnswer?: true;
  /** Reads what the rule needs; refuses with not_found. */
  load: (tx: Tx, input: z.output<I>, actor: Actor) => Promise<S>;
  /** The rule, the same one that the button asks. */
  may: (actor: Actor, subject: S) => Verdict;
  run: (tx: Tx, run: { input: z.output<I>; subject: S; actor: Actor; now: Date }) => Promise<Done<O> | Unchanged<O>>;
};

export type Command<I extends z.ZodType = z.ZodType, O = unknown> = ((ctx: Ctx, raw: unknown) => Promise<O>) & {
  spec: { kind: "command"; name: string; title: string; http: Http | null; input: I; output?: z.ZodType };
};

// One listener per process: the server loads this module in several bundles, which share only the global object.
const store = globalThis as { countersignAfterCommit?: () => void };

/** Called after each commit that appended to the log; the sequencer sets it. */
export const onCommit = (listener: () => void): void => {
  store.countersignAfterCommit = listener;
};

/**
 * The only way to write: parse, load, may, run, log entry, jobs, in one transaction (ADR-0001).
 * A command that returns no entry does not compile.
 */
export function command<I extends z.ZodType, S, O>(spec: Spec<I, S, O>): Command<I, O> {
  const call = async (ctx: Ctx, raw: unknown): Promise<O> => {
    if (ctx.asOf) throw new Refusal("conflict", "The past cannot be changed. Go back to today, and do it there.");
    const input = parse(spec.input, raw);
    const now = ctx.now();
    let result: O;
    try {
      result = await ctx.db.transaction(async (tx) => {
        const before = await replay(tx, ctx, spec.name, raw);
        if (before && spec.secretAnswer)
          throw new Refusal(
            "conflict",
            "This Idempotency-Key was used already. The secret it made was shown once; make another.",
          );
        if (before) return before.answer as O;
        const subject = await spec.load(tx, input, ctx.actor);
        insist(spec.may(ctx.actor, subject));
        const done = await spec.run(tx, { input, subject, actor: ctx.actor, now });
        if ("unchanged" in done) return done.unchanged;
        await remember(tx, ctx, spec.name, raw, spec.secretAnswer ? null : done.result);
        const row = entryRow(spec.name, ctx.actor, done.entry, now, ctx.requestId);
        await append(tx, [row, ...(done.signatures ?? []).map((s) => signatureRow(row, s))], done.jobs ?? [], now);
        return done.result;
      });
    } catch (error) {
      throw asRefusal(error);
    }
    store.countersignAfterCommit?.();
    return result;
  };
  const { name, title, http, input, output } = spec;
  return Object.assign(call, { spec: { kind: "command" as const, name, title, http, input, output } });
}

/** Entries, their place in the sequencer's queue, and jobs: one round trip, so that a command costs few. */
async function append(tx: Tx, rows: readonly EntryRow[], jobs: readonly Job[], now: Date): Promise<void> {
  const calls = rows.map(
    (r) =>
      sql`append_entry(${r.id}::uuid, ${r.kind}, ${r.name}, ${r.at.toISOString()}::timestamptz, ${r.actorKind}, ${r.actorId}, ${r.actorName}, ${r.subjectKind}, ${r.subjectId}, ${r.subjectRef}, ${r.modelId}::uuid, ${r.summary}, ${r.leaf}::bytea, ${r.body}::bytea, ${r.requestId})`,
  );
  const jobValues = jobs.map(
    (j) =>
      sql`(${newId()}::uuid, ${j.name}, ${JSON.stringify(j.payload)}, ${j.uniqueKey ?? null}::text, ${(j.runAt ?? now).toISOString()}::timestamptz, ${now.toISOString()}::timestamptz)`,
  );
  const beside: SQL[] = [];
  if (jobs.length > 0)
    beside.push(
      sql`j as (insert into job (id, name, payload, unique_key, run_at, created_at) values ${sql.join(jobValues, sql`, `)} on conflict do nothing)`,
    );
  for (const { id, concerns } of rows)
    if (concerns.length > 0)
      beside.push(
        sql`c as (insert into log_entry_model (entry_id, model_id) select ${id}::uuid, unnest(${`{${concerns.join(",")}}`}::uuid[]) on conflict do nothing)`,
      );
  const before = beside.length > 0 ? sql`with ${sql.join(beside, sql`, `)} ` : sql``;
  await tx.execute(sql`${before}select ${sql.join(calls, sql`, `)}`);
}

/** Two racers that the precondition in a WHERE did not separate meet a unique index or a serialization error. */
function asRefusal(error: unknown): unknown {
  const code = sqlState(error);
  if (code === "23505")
    return new Refusal("conflict", "Someone else did this a moment ago. Reload to see the present state.", [], {
      cause: error,
    });
  if (code === "40001" || code === "40P01")
    return new Refusal("conflict", "Someone else changed this at the same time. Try again.", [], { cause: error });
  return error;
}
