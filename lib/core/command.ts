import "server-only";
import type { z } from "zod";
import type { Db, Tx } from "@/db/client";
import { prepared, type Statement, send, transact } from "@/db/transact";
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

/**
 * What a command leaves: its answer, its log entry (required), and optionally signature leaves and jobs. `writes` are under way and
 * answer nothing that the command needs to know: they are waited for together with the commit, and if one fails, all is undone.
 */
export type Done<O> = {
  result: O;
  entry: Entry;
  signatures?: readonly SignatureLeaf[];
  jobs?: readonly Job[];
  writes?: readonly Promise<unknown>[];
};

/** What a command found already true: it answers without writing, so there is nothing to log. */
export type Unchanged<O> = { unchanged: O };

/**
 * Where an operation lives in the REST API; `{name}` parts come from the path, the rest from the body. `limited`: it counts against
 * the token's share of questions to the gate.
 */
export type Http = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  status?: number;
  limited?: true;
};

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
  load: (tx: Tx, input: z.output<I>, actor: Actor, now: Date) => Promise<S>;
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
      result = await transact(ctx.db, async (tx) => {
        const before = await replay(tx, ctx, spec.name, raw);
        if (before && spec.secretAnswer)
          throw new Refusal(
            "conflict",
            "This Idempotency-Key was used already. The secret it made was shown once; make another.",
          );
        if (before) return { result: before.answer as O, writes: [] };
        const subject = await spec.load(tx, input, ctx.actor, now);
        insist(spec.may(ctx.actor, subject));
        const done = await spec.run(tx, { input, subject, actor: ctx.actor, now });
        if ("unchanged" in done) return { result: done.unchanged, writes: [] };
        const row = entryRow(spec.name, ctx.actor, done.entry, now, ctx.requestId);
        const rows = [row, ...(done.signatures ?? []).map((s) => signatureRow(row, s))];
        const kept = ctx.idempotencyKey
          ? [remember(tx, ctx, spec.name, raw, spec.secretAnswer ? null : done.result)]
          : [];
        return {
          result: done.result,
          writes: [...(done.writes ?? []), ...kept, append(tx, rows, done.jobs ?? [], now)],
        };
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

const entryTypes: readonly string[] = Array.from({ length: 15 }, () => "");
const jobTypes: readonly string[] = ["uuid", "text", "text", "text", "timestamptz", "timestamptz"].map((t) => `::${t}`);

/** `($1::uuid, $2::text, …)`, as often as said, counted on from `from`. */
const groups = (count: number, types: readonly string[], from: number): string[] =>
  Array.from(
    { length: count },
    (_, i) => `(${types.map((type, k) => `$${from + i * types.length + k + 1}${type}`).join(", ")})`,
  );

function appendText(entries: number, jobs: number): string {
  const calls = groups(entries, entryTypes, 0).map((group) => `append_entry${group}`);
  const jobRows = groups(jobs, jobTypes, entries * entryTypes.length);
  const withJobs =
    jobs > 0
      ? `with j as (insert into job (id, name, payload, unique_key, run_at, created_at) values ${jobRows.join(", ")} on conflict do nothing) `
      : "";
  return `${withJobs}select ${calls.join(", ")}`;
}

const appends = new Map<string, Statement>();

/** The statement for so many entries and jobs; made once. */
function usualAppend(entries: number, jobs: number): Statement {
  const name = `append_${entries}_${jobs}`;
  const statement = appends.get(name) ?? prepared(name, appendText(entries, jobs));
  appends.set(name, statement);
  return statement;
}

const concern = prepared(
  "concern",
  "insert into log_entry_model (entry_id, model_id) select $1::uuid, unnest($2::uuid[]) on conflict do nothing",
);

/** Entries, their place in the sequencer's queue, and jobs: one round trip, so that a command costs few. */
async function append(tx: Tx, rows: readonly EntryRow[], jobs: readonly Job[], now: Date): Promise<void> {
  const at = now.toISOString();
  const values: unknown[] = rows.flatMap((r) => [
    ...[r.id, r.kind, r.name, r.at.toISOString(), r.actorKind, r.actorId, r.actorName, r.subjectKind, r.subjectId],
    ...[r.subjectRef, r.modelId, r.summary, r.leaf, r.body, r.requestId],
  ]);
  for (const j of jobs)
    values.push(newId(), j.name, JSON.stringify(j.payload), j.uniqueKey ?? null, j.runAt?.toISOString() ?? at, at);
  // Usual shapes are prepared; a command with hundreds of jobs would leave a statement of its own on every connection.
  const usual = rows.length <= 4 && jobs.length <= 4;
  const statement = usual ? usualAppend(rows.length, jobs.length) : { text: appendText(rows.length, jobs.length) };
  const concerning = rows.filter((r) => r.concerns.length > 0);
  await Promise.all([send(tx, statement, values), ...concerning.map((r) => send(tx, concern, [r.id, r.concerns]))]);
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
