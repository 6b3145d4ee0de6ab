import "server-only";
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { breakGlasses } from "@/db/schema/break-glass";
import { releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { evaluateGate } from "@/lib/releases/gate";
import { factsOf, type LoadedRelease, releaseBy, requirePolicy } from "@/lib/releases/load";
import { seesRelease } from "@/lib/releases/visible";
import { hosts } from "@/lib/signing/hosts";
import { signWithPortal } from "@/lib/signing/store";
import { brief, confirmWithinMs, mayRequestGlass, RequestGlass, stateOf, type ToBreak } from "./break-glass";
import { aboutGlass } from "./load";
import { requestedStatement } from "./statements";

/** What breaking the glass for a release depends on. */
export async function toBreak(read: Reader, release: LoadedRelease, now: Date): Promise<ToBreak> {
  const [latest] = await read
    .select()
    .from(breakGlasses)
    .where(and(eq(breakGlasses.releaseId, release.id), isNull(breakGlasses.endedAt)))
    .orderBy(desc(breakGlasses.requestedAt))
    .limit(1);
  const state = latest && stateOf(latest, now);
  return {
    ref: release.ref,
    status: release.status,
    businessUnitId: release.businessUnitId,
    maximumHours: requirePolicy(release.environment).breakGlass.maximumHours,
    current: latest && (state === "waiting" || state === "open") ? latest.ref : null,
  };
}

/** Asks to open the gate in an emergency, with a reason that everybody concerned reads. It opens nothing: a second person does. */
export const requestGlass = command({
  name: "break_glass.requested",
  title: "Ask to break the glass for a release",
  http: { method: "POST", path: "/releases/{release}/break-glass", status: 201 },
  input: RequestGlass,
  load: async (tx, { release: ref }, actor, now) => {
    const release = await releaseBy(tx, ref);
    if (!seesRelease(actor, release.businessUnitId)) throw new Refusal("not_found", `There is no release ${ref}.`);
    // Of two who ask at once for one release, the second finds the first's.
    await tx.select({ id: releases.id }).from(releases).where(eq(releases.id, release.id)).for("update");
    return { release, rules: await toBreak(tx, release, now) };
  },
  may: (actor, { rules }) => mayRequestGlass(actor, rules),
  run: async (tx, { input, subject: { release, rules }, actor, now }) => {
    if (input.hours > rules.maximumHours)
      throw new Refusal("invalid", `hours: the policy allows at most ${rules.maximumHours}.`, [
        { field: "hours", message: `At most ${rules.maximumHours}.` },
      ]);
    const { model, version, environment, row } = release;
    const answer = await evaluateGate(tx, { model, version, environment, digest: row.digest }, now);
    if (answer.decision === "allow" || answer.release?.id !== release.id)
      throw new Refusal("conflict", "The gate allows this release as it is; there is nothing to break.");
    const stands = answer.reasons.find((r) => r.stands);
    if (stands)
      throw new Refusal(
        "conflict",
        `No emergency passes ${stands.code}: ${stands.text} ${stands.who} can ${stands.unblock}.`,
      );
    const id = newId();
    const ref = await nextRef(tx, "brk");
    const passes = answer.reasons
      .filter((r) => r.code !== "BREAK_GLASS_OVER")
      .map(({ code, text }) => ({ code, text }));
    const statement = requestedStatement(
      hosts(),
      {
        id,
        ref,
        release: factsOf(release),
        releaseSha256: row.statementSha256.toString("hex"),
        requester: { id: actor.id, name: actor.name },
        justification: input.justification,
        hours: input.hours,
        passes,
      },
      now,
    );
    const signed = await signWithPortal(tx, { ...statement, now });
    const lapsesAt = new Date(now.getTime() + confirmWithinMs);
    await tx.insert(breakGlasses).values({
      id,
      ref,
      releaseId: release.id,
      modelId: release.modelId,
      versionId: row.versionId,
      environment,
      digest: row.digest,
      hours: input.hours,
      justification: input.justification,
      passes,
      statementSha256: signed.sha256,
      requestedBy: actor.id,
      requestedAt: now,
      lapsesAt,
    });
    return {
      result: { ref, state: "waiting" as const, lapsesAt: lapsesAt.toISOString(), passes },
      entry: {
        ...aboutGlass({ id, ref, modelId: release.modelId }),
        summary: `asked to break the glass for ${model} ${version} in ${environment}: ${brief(input.justification)}`,
        body: {
          release: release.ref,
          digest: row.digest,
          environment,
          hours: input.hours,
          justification: input.justification,
          passes,
          statement: signed.sha256.toString("hex"),
        },
      },
      signatures: [signed.leaf],
    };
  },
});
