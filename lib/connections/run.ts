import "server-only";
import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { connections, models, syncRuns } from "@/db/schema/models";
import { isSource } from "@/lib/connectors/systems";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { sweepJob } from "@/lib/reconciliation/sweep";
import { loadRun, mayWork } from "./batch";
import { type Change, type Cursor, cursorShape } from "./batch-input";
import { syncTriggers } from "./connection";
import { type Connection, findConnection } from "./find";

/** A run whose worker gave no sign for so long is taken over by another job. */
const silentMs = 120_000;
/** A failed run's place is taken up again within this time. */
const resumeMs = 3_600_000;
/** Versions are all read again at least this often, because tags and deletions move no timestamp. */
const fullEveryMs = 24 * 3_600_000;

export type StartedRun = { runId: string; connection: Connection; cursor: Cursor; resumed: boolean };

/**
 * Begins a sync, or goes on with one that was killed or failed. It leaves no entry: like a job, a run is work; what it changes and
 * how it ends are logged.
 */
export const startRun = command({
  name: "registry.sync.started",
  title: "Start a sync",
  http: null,
  input: z.strictObject({
    connectionId: z.uuid(),
    trigger: z.enum(syncTriggers),
    job: z.string().max(100),
    /** Only this model, by its id in the registry. */
    only: z.string().min(1).max(1000).optional(),
  }),
  load: (tx, input) => findConnection(tx, input.connectionId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }): Promise<{ unchanged: StartedRun }> => {
    if (!connection.importConfirmedAt)
      throw new Refusal(
        "conflict",
        `Nobody has confirmed yet what ${connection.name} would import. Look at its preview.`,
      );
    // One at a time: the row lock makes two jobs for one connection take turns here.
    await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, connection.id)).for("update");
    const [last] = await tx
      .select()
      .from(syncRuns)
      .where(eq(syncRuns.connectionId, connection.id))
      .orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
      .limit(1);
    const parsed = cursorShape.safeParse(last?.cursor);
    const beat = { job: input.job, beat: now.toISOString() };
    if (last?.state === "running" && parsed.success) {
      if (parsed.data.job !== input.job && now.getTime() - Date.parse(parsed.data.beat) < silentMs)
        throw new Refusal("conflict", `${connection.name} is being synced already.`);
      const cursor = { ...parsed.data, ...beat };
      await tx.update(syncRuns).set({ cursor }).where(eq(syncRuns.id, last.id));
      return { unchanged: { runId: last.id, connection, cursor, resumed: true } };
    }
    const goesOn =
      last?.state === "failed" &&
      parsed.success &&
      parsed.data.only === (input.only ?? null) &&
      now.getTime() - last.startedAt.getTime() < resumeMs;
    const cursor = goesOn ? { ...parsed.data, ...beat } : { ...(await freshCursor()), ...beat };
    const runId = newId();
    await tx.insert(syncRuns).values({
      id: runId,
      connectionId: connection.id,
      trigger: input.trigger,
      state: "running",
      cursor,
      startedAt: now,
    });
    return { unchanged: { runId, connection, cursor, resumed: goesOn } };

    async function freshCursor(): Promise<Omit<Cursor, "job" | "beat">> {
      const rows = await tx
        .select({ cursor: syncRuns.cursor, startedAt: syncRuns.startedAt })
        .from(syncRuns)
        .where(and(eq(syncRuns.connectionId, connection.id), eq(syncRuns.state, "completed")))
        .orderBy(desc(syncRuns.startedAt))
        .limit(200);
      const done = rows.flatMap((r) => {
        const c = cursorShape.safeParse(r.cursor);
        return c.success && c.data.only === null ? [{ ...c.data, startedAt: r.startedAt }] : [];
      });
      const due = (last: { startedAt: Date } | undefined) =>
        input.trigger !== "schedule" || !last || now.getTime() - last.startedAt.getTime() > fullEveryMs;
      const since = done[0]?.watermark ?? null;
      return {
        phase: "read",
        token: null,
        full: since === null || due(done.find((d) => d.full)),
        renew: due(done.find((d) => d.renew)),
        only: input.only ?? null,
        since,
        watermark: null,
        sweep: now.toISOString(),
        blind: false,
        models: 0,
        unread: [],
      };
    }
  },
});

/** Ends a run that read everything: what it did not see has been missed once more. */
export const completeRun = command({
  name: "registry.synced",
  title: "Complete a sync",
  http: null,
  input: z.strictObject({ runId: z.uuid() }),
  load: (tx, input) => loadRun(tx, input.runId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }) => {
    const [run] = await tx
      .update(syncRuns)
      .set({ state: "completed", finishedAt: now, error: null })
      .where(and(eq(syncRuns.id, input.runId), eq(syncRuns.state, "running")))
      .returning();
    if (!run) throw new Refusal("gone", "This sync run has ended.");
    const cursor = cursorShape.parse(run.cursor);
    const source = isSource(connection.system);
    const unmatched = source ? await settleSubjects(tx, run.id, connection.id, cursor) : 0;
    const { missed, changes } = cursor.only === null ? await miss(tx, connection, cursor, now) : nothingMissed;
    if (cursor.only === null) {
      await tx.update(connections).set({ lastCompletedAt: now }).where(eq(connections.id, connection.id));
      // What a full sweep could read again is mended.
      if (cursor.full)
        await tx.execute(sql`delete from quarantined_record where connection_id = ${connection.id}
          and last_seen_at < ${cursor.sweep}::timestamptz`);
    }
    const { modelsSeen, versionsSeen, changed, skipped } = run;
    const bad = skipped === 0 ? "" : `, ${skipped} ${skipped === 1 ? "record" : "records"} could not be read`;
    return {
      result: { runId: run.id, modelsSeen, versionsSeen, changed, skipped, missed: missed.length },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `synced ${connection.name}: ${source ? sayFactsSeen(run.factsSeen, unmatched) : `${modelsSeen} models, ${versionsSeen} versions read`}, ${changed === 0 ? "nothing changed" : `${changed} changes`}${bad}`,
        body: {
          run: run.id,
          trigger: run.trigger,
          only: cursor.only,
          startedAt: run.startedAt.toISOString(),
          modelsSeen,
          versionsSeen,
          factsSeen: run.factsSeen,
          unmatched,
          changed,
          skipped,
          unread: cursor.unread,
          missed: missed.slice(0, 100),
          changes,
        },
      },
      jobs: [sweepJob],
    };
  },
});

const sayFactsSeen = (facts: number, unmatched: number): string =>
  `${facts} ${facts === 1 ? "observation" : "observations"} read${unmatched === 0 ? "" : `, ${unmatched} ${unmatched === 1 ? "subject is" : "subjects are"} no model yet`}`;

/**
 * Lets go of subjects that named a model and were not seen in this sweep, so that another one may name it (a service was renamed); a
 * person's mapping stays until a person ends it. Counts those that were seen and are no model, and keeps that with the run.
 */
async function settleSubjects(tx: Tx, runId: string, connectionId: string, cursor: Cursor): Promise<number> {
  if (cursor.unread.length === 0)
    await tx.execute(sql`
      update source_subject set model_id = null, matched_by = null
      where connection_id = ${connectionId} and matched_by = 'declared' and last_seen_at < ${cursor.sweep}::timestamptz`);
  const { rows } = await tx.execute<{ unmatched: number }>(sql`
    update sync_run set unmatched = (select count(*)::int from source_subject s where s.connection_id = ${connectionId}
      and s.model_id is null and s.last_seen_at >= ${cursor.sweep}::timestamptz)
    where id = ${runId} returning unmatched`);
  return rows[0]?.unmatched ?? 0;
}

const nothingMissed: { missed: string[]; changes: Change[] } = { missed: [], changes: [] };

/** Counts models and served versions that the sweep did not see; served ones that were missed before are gone. */
async function miss(tx: Tx, connection: Connection, cursor: Cursor, now: Date) {
  const read = (stream: "models" | "serving") => !cursor.unread.some((u) => u.stream === stream);
  const sweep = new Date(cursor.sweep);
  const missed =
    read("models") && !cursor.blind
      ? await tx
          .update(models)
          .set({ missedSweeps: sql`${models.missedSweeps} + 1` })
          .where(
            and(
              eq(models.connectionId, connection.id),
              isNull(models.vanishedAt),
              or(isNull(models.lastSeenAt), lt(models.lastSeenAt, sweep)),
            ),
          )
          .returning({ name: models.name })
      : [];
  const gone = read("serving")
    ? (
        await tx.execute<{
          endpoint: string;
          version: string;
          external_model: string;
          model_id: string | null;
          gone: boolean;
        }>(sql`
          update served_version set missed_sweeps = missed_sweeps + 1,
            gone_at = case when missed_sweeps >= 1 then ${now.toISOString()}::timestamptz end
          where connection_id = ${connection.id} and gone_at is null and last_seen_at < ${cursor.sweep}::timestamptz
          returning endpoint, version, external_model, model_id, gone_at is not null as gone`)
      ).rows.filter((r) => r.gone)
    : [];
  const changes = gone.map(
    (g): Change => ({
      what: "no longer served",
      model: g.external_model,
      modelId: g.model_id,
      version: g.version,
      endpoint: g.endpoint,
    }),
  );
  return { missed: missed.map((m) => m.name), changes };
}

/** Ends a run that could not go on. What was read before stays, with its date. */
export const failRun = command({
  name: "registry.sync.failed",
  title: "Fail a sync",
  http: null,
  input: z.strictObject({ runId: z.uuid(), error: z.string().max(2000) }),
  load: (tx, input) => loadRun(tx, input.runId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }) => {
    const [run] = await tx
      .update(syncRuns)
      .set({ state: "failed", finishedAt: now, error: input.error })
      .where(and(eq(syncRuns.id, input.runId), eq(syncRuns.state, "running")))
      .returning();
    if (!run) throw new Refusal("gone", "This sync run has ended.");
    return {
      result: { runId: run.id },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `could not sync ${connection.name}: ${input.error.slice(0, 200)}`,
        body: {
          run: run.id,
          trigger: run.trigger,
          error: input.error,
          modelsSeen: run.modelsSeen,
          versionsSeen: run.versionsSeen,
        },
      },
    };
  },
});
