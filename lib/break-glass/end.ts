import "server-only";
import { and, eq, isNull, lte } from "drizzle-orm";
import { z } from "zod";
import { breakGlasses } from "@/db/schema/break-glass";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { projectGate } from "@/lib/releases/project";
import { EndGlass, GlassRef, mayEndGlass } from "./break-glass";
import { aboutGlass, lockedGlass } from "./load";

/** Takes a request back before it is confirmed, or closes the gate before its time. */
export const endGlass = command({
  name: "break_glass.ended",
  title: "Withdraw a break-glass, or end it early",
  http: { method: "POST", path: "/break-glass/{ref}/end" },
  input: EndGlass,
  load: (tx, { ref }, actor, now) => lockedGlass(tx, ref, actor, now),
  may: mayEndGlass,
  run: async (tx, { input, subject, actor, now }) => {
    const [ended] = await tx
      .update(breakGlasses)
      .set({ endedBy: actor.id, endedAt: now, endReason: input.reason })
      .where(and(eq(breakGlasses.id, subject.id), isNull(breakGlasses.endedAt)))
      .returning({ confirmedAt: breakGlasses.confirmedAt });
    if (!ended) throw new Refusal("conflict", `${subject.ref} was ended a moment ago.`);
    await projectGate(tx, subject.release, now);
    return {
      result: { ref: subject.ref, state: ended.confirmedAt ? ("to_review" as const) : ("withdrawn" as const) },
      entry: {
        ...aboutGlass(subject.row),
        summary: ended.confirmedAt ? `ended ${subject.ref} early; the gate is closed again` : `withdrew ${subject.ref}`,
        body: { reason: input.reason, until: subject.row.until?.toISOString() ?? null },
      },
    };
  },
});

type RanOut = { ref: string; ranOut: boolean };

/** Notes that the time of an open one is over, and what the gate answers since. The gate itself needs no note: it reads the clock. */
export const runOutGlass = command({
  name: "break_glass.ran_out",
  title: "Note that a break-glass ran out",
  http: null,
  input: z.strictObject({ ref: GlassRef }),
  load: (tx, { ref }, actor, now) => lockedGlass(tx, ref, actor, now),
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { subject, now }): Promise<Done<RanOut> | Unchanged<RanOut>> => {
    const [noted] = await tx
      .update(breakGlasses)
      .set({ ranOutAt: now })
      .where(
        and(
          eq(breakGlasses.id, subject.id),
          isNull(breakGlasses.endedAt),
          isNull(breakGlasses.ranOutAt),
          lte(breakGlasses.until, now),
        ),
      )
      .returning({ until: breakGlasses.until });
    if (!noted?.until) return { unchanged: { ref: subject.ref, ranOut: false } };
    await projectGate(tx, subject.release, now);
    return {
      result: { ref: subject.ref, ranOut: true },
      entry: {
        ...aboutGlass(subject.row),
        summary: `closed the gate again: ${subject.ref} ended on ${sayMinute(noted.until)}`,
        body: { until: noted.until.toISOString(), reviewDueOn: subject.row.reviewDueOn },
      },
    };
  },
});
