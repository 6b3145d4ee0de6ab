import "server-only";
import { v5 } from "uuid";
import type { Db } from "@/db/client";
import type { Recurring } from "./job";
import { enqueue } from "./table";

const namespace = "6b0e1ec3-4d5c-4c53-9a0e-2f2a5d8f7b11";

/**
 * Enqueues each recurring job for the slot that `now` lies in. The job's id is derived from its name and slot, so that of
 * any number of replicas one writes it and the others meet its primary key; its unique key holds back a slot while the
 * one before still waits.
 */
export function scheduler(recurring: readonly Recurring[]): (db: Db, now: Date) => Promise<void> {
  const seen = new Map<string, number>();
  return async (db, now) => {
    for (const { name, everyMinutes } of recurring) {
      const slot = Math.floor(now.getTime() / (everyMinutes * 60_000));
      if (seen.get(name) === slot) continue;
      await enqueue(db, { id: v5(`${name}@${slot}`, namespace), name, payload: {}, uniqueKey: `every ${name}` }, now);
      seen.set(name, slot);
    }
  };
}
