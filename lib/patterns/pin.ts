import "server-only";
import { and, asc, inArray, isNull } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { patternDeviations, patternGaps } from "@/db/schema/adoption";
import { patternAdoptions } from "@/db/schema/decisions";
import { hearOfPin } from "@/lib/campaigns/upgrade-items";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { takeAssessment } from "@/lib/readiness/assess";
import { type FollowerKey, of, owned } from "./follower";
import { editionPlaces } from "./queries";

/** The exact text that is pinned. */
export type Pin = { id: string; version: number; digest: string };

type Deviation = typeof patternDeviations.$inferSelect;

/** Where a follower departs now, oldest first. */
export const deviationsOf = (read: Reader, follower: FollowerKey): Promise<Deviation[]> =>
  read
    .select()
    .from(patternDeviations)
    .where(and(of(patternDeviations, follower), isNull(patternDeviations.endedAt)))
    .orderBy(asc(patternDeviations.recordedAt), asc(patternDeviations.id));

/** The deviations as the adoption says them: one line each. */
export const inLines = (rows: readonly Pick<Deviation, "requirementTitle" | "why">[]): string =>
  rows.map((d) => (d.requirementTitle ? `${d.requirementTitle}: ${d.why}` : d.why)).join("\n");

/**
 * Pins a follower to one text of a pattern and says its deviations with it, as the rows in `pattern_deviation` stand now. Ends what
 * was pinned before. It also ends what the owner said was missing, and of a model answers campaigns that asked for it, and has the
 * readiness assessed anew.
 */
export async function pin(tx: Tx, follower: FollowerKey, to: Pin, actor: Actor, now: Date) {
  await tx
    .update(patternAdoptions)
    .set({ endedAt: now })
    .where(and(of(patternAdoptions, follower), isNull(patternAdoptions.endedAt)));
  const id = newId();
  const deviations = inLines(await deviationsOf(tx, follower));
  await tx.insert(patternAdoptions).values({
    id,
    ...owned(follower),
    patternId: to.id,
    version: to.version,
    digest: to.digest,
    deviations,
    adoptedBy: actor.id,
    adoptedAt: now,
  });
  const gaps = await filled(tx, follower, to, actor, now);
  const heard = follower.kind === "model" ? await hear(tx, follower.id, to, actor, now) : null;
  return { adoption: id, heard: heard && { gaps, ...heard } };
}

/** Who follows a pattern misses none any more. */
async function filled(tx: Tx, follower: FollowerKey, to: Pin, actor: Actor, now: Date): Promise<string[]> {
  const closed = await tx
    .update(patternGaps)
    .set({ state: "adopted", patternId: to.id, answeredBy: actor.id, answeredAt: now })
    .where(and(of(patternGaps, follower), inArray(patternGaps.state, ["open", "planned"])))
    .returning({ id: patternGaps.id });
  return closed.map((g) => g.id);
}

/** What waited for a model to follow a pattern hears of it: campaigns, its readiness. */
async function hear(tx: Tx, modelId: string, to: Pin, actor: Actor, now: Date) {
  const places = (await editionPlaces(tx)).filter((p) => p.pattern === to.id);
  const behind = (sha256: string) => places.find((p) => p.digest === sha256)?.behind;
  const reached = behind(to.digest);
  const reaches = (asked: string) => asked === to.digest || (reached !== undefined && reached <= (behind(asked) ?? -1));
  const campaigns = await hearOfPin(tx, modelId, to, reaches, actor, now);
  const { digest, counts } = await takeAssessment(tx, modelId, null, now);
  return { campaigns, readiness: { digest, counts } };
}

/** Says the departures anew, as one text: rows that say the same stay with their decision records, others end. */
export async function restate(
  tx: Tx,
  follower: FollowerKey,
  patternId: string,
  text: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const rows = await deviationsOf(tx, follower);
  if (rows.every((d) => d.patternId === patternId) && inLines(rows) === text) return;
  await tx
    .update(patternDeviations)
    .set({ endedAt: now })
    .where(and(of(patternDeviations, follower), isNull(patternDeviations.endedAt)));
  if (text !== "")
    await tx.insert(patternDeviations).values({
      id: newId(),
      ...owned(follower),
      patternId,
      why: text,
      recordedBy: actor.id,
      recordedAt: now,
    });
}
