import "server-only";
import { sql } from "drizzle-orm";
import type { Db, Reader } from "@/db/client";
import { onCommit } from "@/lib/core/command";
import { logFault, logLine } from "@/lib/core/log-line";
import { openPortalKeys, type PortalKeys, refuseToSign, setPortalKeys } from "@/lib/signing/keys";
import { type LogKey, signCheckpoint } from "./checkpoint";
import { rollback, writeLast } from "./last-checkpoint";
import { integrate, loadEdge, standing } from "./store";
import type { Edge } from "./tree";

/** How long an idle sequencer waits before it looks for commits of other replicas. */
const pollMs = 500;

/** Least time between the starts of two rounds: under load entries gather, so that few flushes serve many commands. */
const paceMs = 20;

export type Sequencer = {
  /** Something was committed: look now. */
  wake: () => void;
  /** Sequences and signs whatever waits, and returns when nothing does. */
  drain: () => Promise<void>;
  /** Ends after the batch in hand. */
  stop: () => Promise<void>;
};

/**
 * Gives committed entries their place in the log and signs tree heads, always after the commit: a checkpoint never speaks of
 * leaves that could still vanish. Any number of replicas may run one; a lock in the database lets one integrate at a time.
 */
export function sequencer(options: { db: Db; keys: PortalKeys; origin: string; now: () => Date }): Sequencer {
  const { db, keys, origin, now } = options;
  const key: LogKey = { origin, raw: keys.log.raw };
  let edge: Edge | null = null;
  let stopped = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  let round: Promise<void> | null = null;

  async function batch(): Promise<boolean> {
    const before = await standing(db);
    if (edge && before.size < edge.size) {
      // Someone restored the database under a running portal.
      const why = await rollback(db, keys.dir, key);
      if (why) {
        refuse(why);
        stopped = true;
        return false;
      }
    }
    if (!before.waiting && before.size === before.signed) return false;
    if (before.waiting) {
      const done = await db.transaction((tx) => integrate(tx, edge));
      edge = done.edge;
    } else if (edge?.size !== before.size) edge = await loadEdge(db, before.size);
    const { size } = edge;
    if (size > before.signed) {
      const root = Buffer.from(edge.root());
      const note = signCheckpoint({ origin, size, root }, key, keys.log.secret);
      await writeLast(keys.dir, note);
      await publish(db, { size, root, note, signedAt: now() });
    }
    announce();
    return true;
  }

  /** Rounds never overlap: whoever asks during one gets the next. */
  async function drain(): Promise<void> {
    while (round) await round;
    round = (async () => {
      while (!stopped && (await batch()));
    })().finally(() => {
      round = null;
    });
    await round;
  }

  async function loop(): Promise<void> {
    let failures = 0;
    let last = 0;
    while (!stopped) {
      const wait = last + paceMs - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      last = performance.now();
      woken = false;
      try {
        await drain();
        failures = 0;
      } catch (error) {
        // The database may be away for a while; entries wait in the queue, and the next round begins from what is stored.
        edge = null;
        failures++;
        if (failures === 1 || failures % 60 === 0) logFault(error, "sequencer");
      }
      if (woken || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, failures > 0 ? Math.min(5000, pollMs * failures) : pollMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = loop();
  const wake = () => {
    woken = true;
    rouse();
  };
  return {
    wake,
    drain,
    stop: async () => {
      stopped = true;
      rouse();
      await running;
    },
  };
}

function refuse(why: string): void {
  refuseToSign(why);
  logLine("log.refused", { why });
}

async function publish(db: Db, head: { size: number; root: Buffer; note: string; signedAt: Date }): Promise<void> {
  // Not flushed: should a crash lose it, the same bytes are signed again over the same leaves.
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local synchronous_commit = off`);
    await tx.execute(sql`insert into log_checkpoint (size, root, note, signed_at)
      values (${head.size}, ${head.root}, ${head.note}, ${head.signedAt.toISOString()}) on conflict do nothing`);
  });
}

// One per process, also across the bundles that a server loads.
const store = globalThis as { countersignLogWaiters?: Set<() => void>; countersignSequencer?: Sequencer };
store.countersignLogWaiters ??= new Set();
const waiters = store.countersignLogWaiters;

function announce(): void {
  for (const waiter of [...waiters]) waiter();
}

/**
 * Opens the portal's keys, refuses a database that was rolled back, and runs the process's sequencer. Throws a sentence for
 * the operator when the keys are missing; after a rollback it starts, serves what is there, and signs nothing.
 */
export async function startLog(options: {
  db: Db;
  /** Folder of the key files. */
  dir: string;
  /** The log's bare host name. */
  origin: string;
  now: () => Date;
}): Promise<Sequencer | null> {
  const keys = await openPortalKeys(options.db, options.dir, options.now);
  setPortalKeys(keys);
  const why = await rollback(options.db, options.dir, { origin: options.origin, raw: keys.log.raw });
  if (why) {
    refuse(why);
    return null;
  }
  const running = sequencer({ ...options, keys });
  store.countersignSequencer = running;
  onCommit(running.wake);
  return running;
}

/** The process's sequencer, if it runs one. */
export const runningSequencer = (): Sequencer | null => store.countersignSequencer ?? null;

/**
 * Waits until every entry has its index and a signed checkpoint covers it; the indices in the order asked, or null after
 * `timeoutMs`. Call it after the command has returned, never inside its transaction.
 */
export async function waitForSequenced(
  read: Reader,
  entryIds: readonly string[],
  timeoutMs: number,
): Promise<number[] | null> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const { rows } = await read.execute<{ entry_id: string; idx: string }>(sql`
      select entry_id, idx from log_leaf where entry_id = any(${sql.param([...entryIds])}::uuid[])
        and idx < (select max(size) from log_checkpoint)`);
    const at = new Map(rows.map((r) => [r.entry_id, Number(r.idx)]));
    const found = entryIds.flatMap((id) => at.get(id) ?? []);
    if (found.length === entryIds.length) return found;
    const left = until - Date.now();
    if (left <= 0) return null;
    await new Promise<void>((resolve) => {
      // Without news of this process's sequencer, another replica may have done it.
      const timer = setTimeout(done, Math.min(left, 100));
      function done() {
        clearTimeout(timer);
        waiters.delete(done);
        resolve();
      }
      waiters.add(done);
    });
  }
}
