import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { releaseFreezeExemptions, releaseFreezes } from "@/db/schema/freezes";
import { models } from "@/db/schema/models";
import { localDay } from "@/lib/calendars/calendar";
import { calendarOfUnit } from "@/lib/calendars/find";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { no, Refusal } from "@/lib/core/refusal";
import { instantOf } from "@/lib/core/zone-instant";
import { type LoadedRelease, releaseBy } from "@/lib/releases/load";
import { projectGate } from "@/lib/releases/project";
import { seesRelease } from "@/lib/releases/visible";
import { givenUnit } from "@/lib/units/find";
import {
  DeclareFreeze,
  ExemptRelease,
  LiftFreeze,
  longestDays,
  mayExempt,
  mayFreeze,
  mayLiftFreeze,
  sayIn,
} from "./freeze";
import { covers } from "./read";

type Row = typeof releaseFreezes.$inferSelect;

const subjectOf = (f: { id: string; ref: string }) => ({ kind: "release_freeze", id: f.id, ref: f.ref });
const placeName = (environment: string) => (environment === "prod" ? "production" : environment);

async function locked(tx: Tx, ref: string, actor: Actor): Promise<Row> {
  const [row] = await tx.select().from(releaseFreezes).where(eq(releaseFreezes.ref, ref.toUpperCase())).for("update");
  if (!row || !seesRelease(actor, row.businessUnitId)) throw new Refusal("not_found", `There is no freeze ${ref}.`);
  return row;
}

export const declareFreeze = command({
  name: "release.freeze.declared",
  title: "Declare a release freeze",
  http: { method: "POST", path: "/freezes", status: 201 },
  input: DeclareFreeze,
  load: async (tx, { businessUnit }) => (businessUnit ? await givenUnit(tx, businessUnit) : null),
  may: (actor, unit) => mayFreeze(actor, unit?.id ?? null),
  run: async (tx, { input, subject: unit, actor, now }) => {
    const { calendar } = await calendarOfUnit(tx, unit?.id ?? null);
    const zone = calendar.timeZone;
    const startsAt = instantOf(input.fromDay, input.fromTime, zone);
    const endsAt = instantOf(input.untilDay, input.untilTime, zone);
    const fault = (field: string, message: string) =>
      new Refusal("invalid", `${field}: ${message}`, [{ field, message }]);
    if (input.fromDay < localDay(calendar, now))
      throw fault("fromDay", "Begin today or later; the past stays as it was.");
    if (endsAt <= startsAt) throw fault("untilDay", "End after the beginning.");
    if (endsAt <= now) throw fault("untilTime", "This is over already.");
    if (endsAt.getTime() - startsAt.getTime() > longestDays * 86_400_000)
      throw fault("untilDay", `At most ${longestDays} days. What is longer is a rule: change the policy.`);
    const id = newId();
    const ref = await nextRef(tx, "frz");
    await tx.insert(releaseFreezes).values({
      id,
      ref,
      environment: input.environment,
      businessUnitId: unit?.id ?? null,
      startsAt,
      endsAt,
      timeZone: zone,
      reason: input.reason,
      declaredBy: actor.id,
      declaredAt: now,
    });
    return {
      result: { ref, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), timeZone: zone },
      entry: {
        subject: subjectOf({ id, ref }),
        summary: `froze releases to ${placeName(input.environment)}${unit ? ` of ${unit.name}` : ""} from ${sayIn(startsAt, zone)} until ${sayIn(endsAt, zone)}: ${input.reason.slice(0, 200)}`,
        body: {
          ...input,
          unit: unit?.id ?? null,
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
          zone,
        },
      },
    };
  },
});

export const liftFreeze = command({
  name: "release.freeze.lifted",
  title: "Lift a release freeze",
  http: { method: "POST", path: "/freezes/{ref}/lift" },
  input: LiftFreeze,
  load: async (tx, { ref }, actor, now) => ({ row: await locked(tx, ref, actor), now }),
  may: (actor, { row, now }) => mayLiftFreeze(actor, row, now),
  run: async (tx, { input, subject: { row }, actor, now }) => {
    const [lifted] = await tx
      .update(releaseFreezes)
      .set({ liftedBy: actor.id, liftedAt: now, liftReason: input.reason })
      .where(and(eq(releaseFreezes.id, row.id), isNull(releaseFreezes.liftedAt)))
      .returning({ id: releaseFreezes.id });
    if (!lifted) throw new Refusal("conflict", `${row.ref} was lifted a moment ago.`);
    return {
      result: { ref: row.ref, state: "lifted" as const },
      entry: {
        subject: subjectOf(row),
        summary: `lifted ${row.ref}, the freeze of releases to ${placeName(row.environment)}: ${input.reason.slice(0, 200)}`,
        body: { reason: input.reason, endsAt: row.endsAt.toISOString() },
      },
    };
  },
});

async function partsOf(tx: Tx, release: LoadedRelease, freeze: Row) {
  const [model] = await tx
    .select({ owner: models.ownerId, backup: models.backupOwnerId })
    .from(models)
    .where(eq(models.id, release.modelId));
  return {
    ...release,
    ownerIds: [model?.owner, model?.backup].filter((id) => typeof id === "string"),
    covered:
      release.environment === freeze.environment && (await covers(tx, freeze.businessUnitId, release.businessUnitId)),
  };
}

/** Lets one release through a freeze, with a reason that stands in the gate's answer. Everything else that the policy asks stays. */
export const exemptRelease = command({
  name: "release.freeze.exempted",
  title: "Exempt a release from a freeze",
  http: { method: "POST", path: "/freezes/{ref}/exemptions", status: 201 },
  input: ExemptRelease,
  load: async (tx, input, actor, now) => {
    const row = await locked(tx, input.ref, actor);
    const release = await releaseBy(tx, input.release);
    if (!seesRelease(actor, release.businessUnitId))
      throw new Refusal("not_found", `There is no release ${input.release}.`);
    return { row, release, parts: await partsOf(tx, release, row), now };
  },
  may: (actor, { row, parts, now }) =>
    actor.kind === "person" ? mayExempt(actor, row, parts, now) : no("forbidden", "Only a person exempts a release."),
  run: async (tx, { input, subject: { row, release }, actor, now }) => {
    const [given] = await tx
      .insert(releaseFreezeExemptions)
      .values({
        id: newId(),
        freezeId: row.id,
        releaseId: release.id,
        reason: input.reason,
        givenBy: actor.id,
        givenAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: releaseFreezeExemptions.id });
    if (!given) throw new Refusal("conflict", `${release.ref} is exempted from ${row.ref} already.`);
    await projectGate(tx, release, now);
    return {
      result: { ref: row.ref, release: release.ref },
      entry: {
        subject: subjectOf(row),
        modelId: release.modelId,
        summary: `exempted ${release.ref} (${release.model} ${release.version}) from ${row.ref}: ${input.reason.slice(0, 200)}`,
        body: { release: release.ref, reason: input.reason },
      },
    };
  },
});
