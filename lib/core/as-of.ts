import "server-only";
import { sql } from "drizzle-orm";
import type { Db, Reader } from "@/db/client";
import { Refusal, type Verdict } from "./refusal";
import { sqlState } from "./sql-state";

const wrong = (message: string): Refusal => new Refusal("invalid", `asof: ${message}`, [{ field: "asof", message }]);

/**
 * The instant that `?asof=` means: a day (its end, UTC) or an instant (RFC 3339). Null when it is not given or means today.
 * A day that is not over yet means now; what lies ahead is refused.
 */
export function parseAsOf(raw: string | readonly string[] | undefined, now: Date): Date | null {
  if (raw === undefined || raw === "") return null;
  if (typeof raw !== "string") throw wrong("Give one day or instant.");
  const day = /^\d{4}-\d{2}-\d{2}$/.test(raw);
  const at = new Date(day ? `${raw}T23:59:59.999Z` : raw);
  const known = day || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(raw);
  // Date rolls 31 February over into March; such a day is no day.
  if (
    !known ||
    Number.isNaN(at.getTime()) ||
    (day && at.toISOString().slice(0, 10) !== raw) ||
    at.getUTCFullYear() < 1900
  )
    throw wrong("Give a day such as 2026-09-01, or an instant such as 2026-09-01T12:00:00Z.");
  if (day && raw === now.toISOString().slice(0, 10)) return null;
  if (at > now) throw wrong("Lies ahead. Only what has happened can be read.");
  return at;
}

/**
 * Reads as of an instant (decision 0140): in one read-only transaction whose tables are the views of schema `as_of`, so that a
 * query runs unchanged. A table whose past is not kept refuses in words instead of showing its present.
 */
export async function inPast<O>(db: Db, at: Date, run: (read: Reader) => Promise<O>): Promise<O> {
  try {
    return await db.transaction(
      async (tx) => {
        await tx.execute(
          sql`select set_config('search_path', 'as_of, public', true), set_config('countersign.as_of', ${at.toISOString()}, true)`,
        );
        return run(tx);
      },
      { accessMode: "read only", isolationLevel: "repeatable read" },
    );
  } catch (error) {
    if (sqlState(error) !== "CS002") throw error;
    throw new Refusal(
      "invalid",
      "asof: The past of this is not kept as rows. Leave asof out; the log says what happened when.",
      [{ field: "asof", message: "Not kept for this." }],
      { cause: error },
    );
  }
}

/** A rule's answer on a page of the past: nothing can be done there. */
export const unlessPast = (ctx: { asOf?: Date }, verdict: Verdict): Verdict =>
  ctx.asOf ? { ok: false, code: "conflict", reason: "You are reading the past. Go back to today to act." } : verdict;
