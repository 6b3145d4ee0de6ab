import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrChecks } from "@/db/schema/decision-checks";
import type { Job } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Assumption } from "./assumption";
import { mentionsChecks, writtenChecks } from "./written";

/** Refuses a text whose checks cannot be used, each fault with its line. */
export function insistChecks(content: string): void {
  const { faults } = writtenChecks(content);
  const [first] = faults;
  if (first)
    throw new Refusal(
      "invalid",
      `Line ${first.line}: ${first.text}${faults.length > 1 ? ` (and ${faults.length - 1} more)` : ""}`,
      faults.slice(0, 50).map(({ line, text }) => ({ field: "content", message: `Line ${line}: ${text}` })),
    );
}

/** The job that looks at all checks of all decisions again; one waits at most. */
export const evaluateJob: Job = { name: "decisions.check", payload: {}, uniqueKey: "decisions.check" };

/** What a command that stores a text asks for afterwards. */
export const jobsForChecks = (content: string): readonly Job[] => (mentionsChecks(content) ? [evaluateJob] : []);

const waiting = {
  state: "unknown",
  cause: "not_attempted",
  why: "It has not been looked at yet.",
  passing: 0,
  failing: 0,
  unknown: 0,
  evaluatedAt: null,
} as const;

/**
 * Takes the checks of a record's text in place of those of the text before. A check that reads as before keeps its state. A file of a
 * source whose checks have faults has none: its page tells them.
 */
export async function putChecks(tx: Tx, adrId: string, content: string, first: boolean, now: Date): Promise<void> {
  const { checks, faults } = writtenChecks(content);
  const wanted = faults.length > 0 ? [] : checks;
  if (first && wanted.length === 0) return;
  const before = first ? [] : await tx.select().from(adrChecks).where(eq(adrChecks.adrId, adrId)).for("update");
  const gone = before.filter((row) => !wanted.some((check) => same(check, row)));
  if (gone.length > 0)
    await tx.delete(adrChecks).where(
      and(
        eq(adrChecks.adrId, adrId),
        inArray(
          adrChecks.id,
          gone.map((row) => row.id),
        ),
      ),
    );
  for (const [place, check] of wanted.entries()) {
    const stands = before.find((row) => same(check, row));
    if (stands) await tx.update(adrChecks).set({ place, title: check.title }).where(eq(adrChecks.id, stands.id));
    else await tx.insert(adrChecks).values({ id: newId(), adrId, place, ...check, ...waiting, since: now });
  }
}

const same = (check: Assumption, row: typeof adrChecks.$inferSelect): boolean =>
  check.key === row.key &&
  check.scope === row.scope &&
  check.aggregate === row.aggregate &&
  check.factKey === row.factKey &&
  check.expression === row.expression;
