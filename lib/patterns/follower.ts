import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { patternDeviations, patternGaps } from "@/db/schema/adoption";
import type { patternAdoptions } from "@/db/schema/decisions";
import type { Actor } from "@/lib/core/actor";
import { modelSubject } from "@/lib/readiness/subject";
import { findUseCaseFor } from "@/lib/use-cases/find";
import type { Follower } from "./pattern";

/** Which model or use case. */
export type FollowerKey = Pick<Follower, "kind" | "id">;

/** A model as what follows a pattern, by name or id; what the actor may not see is not found. */
export async function modelFollower(read: Reader, { name }: { name: string }, actor: Actor): Promise<Follower> {
  const { id, name: ref, businessUnitId, ownerId, backupOwnerId } = await modelSubject(read, name, actor);
  return { kind: "model", id, ref, name: ref, businessUnitId, ownerId, backupOwnerId };
}

/** A use case as what follows a pattern, by reference, name or id. */
export async function useCaseFollower(
  read: Reader,
  { useCase }: { useCase: string },
  actor: Actor,
): Promise<Follower & { retired: boolean }> {
  const { id, ref, name, businessUnitId, ownerId, status } = await findUseCaseFor(read, useCase, actor);
  return {
    kind: "use_case",
    id,
    ref,
    name,
    businessUnitId,
    ownerId,
    backupOwnerId: null,
    retired: status === "retired",
  };
}

/** The condition on rows of adoptions, deviations or gaps that keeps them to one follower. */
export const of = (
  table: typeof patternAdoptions | typeof patternDeviations | typeof patternGaps,
  { kind, id }: FollowerKey,
) => eq(kind === "model" ? table.modelId : table.useCaseId, id);

/** The column of such a row that names its follower. */
export const owned = ({ kind, id }: FollowerKey) => (kind === "model" ? { modelId: id } : { useCaseId: id });

/** What a log entry says of a follower. */
export const entrySubject = ({ kind, id, ref }: Follower) => ({
  subject: { kind, id, ref },
  modelId: kind === "model" ? id : null,
});
