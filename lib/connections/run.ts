import "server-only";
import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, models, syncRuns } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { sweepJob } from "@/lib/reconciliation/sweep";
import { loadRun, mayWork } from "./batch";
import { type Cursor, cursorShape } from "./batch-input";
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
  input: z.strictObject({ connectionId: z.uuid(), trigger: z.enum(syncTriggers), job: z.string().max(100) }),
  load: (tx, input) => findConnection(tx, input.connectionId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }): Promise<{ unchanged: StartedRun }> => {
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
    const goesOn = last?.state === "failed" && parsed.success && now.getTime() - last.startedAt.getTime() < resumeMs;
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
        return c.success ? [{ ...c.data, startedAt: r.startedAt }] : [];
      });
      const lastFull = done.find((d) => d.full);
      const full =
        input.trigger !== "schedule" || !lastFull || now.getTime() - lastFull.startedAt.getTime() > fullEveryMs;
      const since = done[0]?.watermark ?? null;
      return {
        phase: "versions",
        token: null,
        full: full || since === null,
        since,
        watermark: null,
        sweep: now.toISOString(),
      };
    }
  },
});

/** Ends a run that read everything: models that it did not see have been missed once more. */
export const completeRun = command({
  name: "registry.synced",
  title: "Complete a sync",
  http: null,
  input: z.strictObject({ runId: z.uuid(), sweep: z.iso.datetime() }),
  load: (tx, input) => loadRun(tx, input.runId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }) => {
    const missed = await tx
      .update(models)
      .set({ missedSweeps: sql`${models.missedSweeps} + 1` })
      .where(
        and(
          eq(models.connectionId, connection.id),
          isNull(models.vanishedAt),
          or(isNull(models.lastSeenAt), lt(models.lastSeenAt, new Date(input.sweep))),
        ),
      )
      .returning({ name: models.name });
    const [run] = await tx
      .update(syncRuns)
      .set({ state: "completed", finishedAt: now, error: null })
      .where(and(eq(syncRuns.id, input.runId), eq(syncRuns.state, "running")))
      .returning();
    if (!run) throw new Refusal("gone", "This sync run has ended.");
    await tx.update(connections).set({ lastCompletedAt: now }).where(eq(connections.id, connection.id));
    const { modelsSeen, versionsSeen, changed, skipped } = run;
    return {
      result: { runId: run.id, modelsSeen, versionsSeen, changed, skipped, missed: missed.length },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `synced ${connection.name}: ${modelsSeen} models, ${versionsSeen} versions read, ${changed === 0 ? "nothing changed" : `${changed} changes`}`,
        body: {
          run: run.id,
          trigger: run.trigger,
          startedAt: run.startedAt.toISOString(),
          modelsSeen,
          versionsSeen,
          changed,
          skipped,
          missed: missed.map((m) => m.name).slice(0, 100),
        },
      },
      jobs: [sweepJob],
    };
  },
});

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
