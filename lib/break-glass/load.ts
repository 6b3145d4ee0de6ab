import "server-only";
import { eq } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { breakGlasses } from "@/db/schema/break-glass";
import { models } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { factsOf, type LoadedRelease, releaseBy } from "@/lib/releases/load";
import { seesRelease } from "@/lib/releases/visible";
import type { GlassSubject } from "./break-glass";
import type { GlassFacts } from "./statements";

export type Row = typeof breakGlasses.$inferSelect;
export type LoadedGlass = GlassSubject & {
  id: string;
  row: Row;
  release: LoadedRelease;
  requesterName: string;
};

async function loaded(read: Reader, row: Row, now: Date): Promise<LoadedGlass> {
  const release = await releaseBy(read, row.releaseId);
  const [requester] = await read.select({ name: people.name }).from(people).where(eq(people.id, row.requestedBy));
  const [model] = await read
    .select({ owner: models.ownerId, backup: models.backupOwnerId })
    .from(models)
    .where(eq(models.id, row.modelId));
  return {
    ...row,
    row,
    release,
    requesterName: requester?.name ?? "",
    businessUnitId: release.businessUnitId,
    releaseStatus: release.status,
    releaseRequestedBy: release.requestedBy,
    trainedById: release.trainedById,
    ownerIds: [model?.owner, model?.backup].filter((id) => typeof id === "string"),
    now,
  };
}

/** By reference; refuses with not_found what the actor may not see. */
export async function glassBy(read: Reader, ref: string, actor: Actor, now: Date): Promise<LoadedGlass> {
  const [row] = await read.select().from(breakGlasses).where(eq(breakGlasses.ref, ref.toUpperCase()));
  return seen(row ? await loaded(read, row, now) : null, ref, actor);
}

/** The same, locked: who confirms, ends and reviews wait for each other. */
export async function lockedGlass(tx: Tx, ref: string, actor: Actor, now: Date): Promise<LoadedGlass> {
  const [row] = await tx.select().from(breakGlasses).where(eq(breakGlasses.ref, ref.toUpperCase())).for("update");
  return seen(row ? await loaded(tx, row, now) : null, ref, actor);
}

function seen(glass: LoadedGlass | null, ref: string, actor: Actor): LoadedGlass {
  if (!glass || !seesRelease(actor, glass.businessUnitId))
    throw new Refusal("not_found", `There is no break-glass ${ref}.`);
  return glass;
}

export const aboutGlass = (glass: { id: string; ref: string; modelId: string }) => ({
  subject: { kind: "break_glass", id: glass.id, ref: glass.ref },
  modelId: glass.modelId,
});

/** What its statements say. */
export const glassFacts = ({ row, release, requesterName }: LoadedGlass): GlassFacts => ({
  id: row.id,
  ref: row.ref,
  release: { ...factsOf(release), digest: row.digest },
  releaseSha256: release.row.statementSha256.toString("hex"),
  requester: { id: row.requestedBy, name: requesterName },
  justification: row.justification,
  hours: row.hours,
  passes: row.passes,
});

/** What the rules ask, and nothing more. */
export const glassRules = (glass: LoadedGlass): GlassSubject => ({
  ref: glass.ref,
  businessUnitId: glass.businessUnitId,
  requestedBy: glass.requestedBy,
  confirmedBy: glass.confirmedBy,
  releaseStatus: glass.releaseStatus,
  releaseRequestedBy: glass.releaseRequestedBy,
  trainedById: glass.trainedById,
  ownerIds: glass.ownerIds,
  confirmedAt: glass.confirmedAt,
  lapsesAt: glass.lapsesAt,
  until: glass.until,
  endedAt: glass.endedAt,
  reviewedAt: glass.reviewedAt,
  now: glass.now,
});
