import "server-only";
import { and, desc, eq, or, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { logCheckpoints } from "@/db/schema/log";
import { models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { hosts } from "@/lib/signing/hosts";
import { sha256 } from "@/lib/signing/sha256";
import { policies, policyFor } from "./policies";
import { type Policy, tierRule } from "./policy";
import type { ReleaseSubject } from "./release";
import type { LogContext, ReleaseFacts } from "./statements";

/** The person that a registry's user name means: their e-mail address, its local part, or their full name. */
export const personOf = (userName: ReturnType<typeof sql>) => sql<string | null>`(
  select p.id from person p where lower(p.email) = lower(${userName}) or lower(p.name) = lower(${userName})
    or split_part(lower(p.email), '@', 1) = lower(${userName}) limit 1)`;

/** A release as commands need it. */
export type LoadedRelease = ReleaseSubject & {
  row: typeof releases.$inferSelect;
  modelId: string;
  model: string;
  version: string;
  tier: number | null;
  /** The registered digest now; the request pins the one it was made for. */
  versionDigest: string | null;
};

/** By reference or id; refuses with not_found. */
export async function releaseBy(read: Reader, ref: string): Promise<LoadedRelease> {
  const [found] = await read
    .select({
      row: releases,
      model: models.name,
      tier: models.tier,
      businessUnitId: models.businessUnitId,
      version: modelVersions.version,
      versionDigest: modelVersions.digest,
      trainedById: personOf(sql`${modelVersions.trainedBy}`),
    })
    .from(releases)
    .innerJoin(models, eq(models.id, releases.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, releases.versionId))
    .where(isUuid(ref) ? eq(releases.id, ref) : eq(releases.ref, ref.toUpperCase()));
  if (!found) throw new Refusal("not_found", `There is no release ${ref}.`);
  const { row, ...rest } = found;
  return {
    ...rest,
    row,
    id: row.id,
    ref: row.ref,
    status: row.status,
    environment: row.environment,
    requestedBy: row.requestedBy,
    modelId: row.modelId,
  };
}

export type LoadedVersion = {
  modelId: string;
  model: string;
  tier: number | null;
  prohibited: boolean;
  businessUnitId: string | null;
  versionId: string;
  version: string;
  digest: string | null;
  trainedById: string | null;
};

/** A model version by names (the model also by id); refuses with not_found. */
export async function versionBy(read: Reader, model: string, version: string): Promise<LoadedVersion> {
  const [found] = await read
    .select({
      modelId: models.id,
      model: models.name,
      tier: models.tier,
      legalClass: models.legalClass,
      businessUnitId: models.businessUnitId,
      versionId: modelVersions.id,
      version: modelVersions.version,
      digest: modelVersions.digest,
      trainedById: personOf(sql`${modelVersions.trainedBy}`),
    })
    .from(models)
    .leftJoin(modelVersions, and(eq(modelVersions.modelId, models.id), eq(modelVersions.version, version)))
    .where(or(eq(models.name, model), isUuid(model) ? eq(models.id, model) : undefined));
  if (!found) throw new Refusal("not_found", `The inventory has no model called ${model}.`);
  const { versionId, version: known, legalClass, ...rest } = found;
  if (!versionId || known === null) throw new Refusal("not_found", `${found.model} has no version ${version}.`);
  return { ...rest, versionId, version: known, prohibited: legalClass === "prohibited" };
}

/** The policy of an environment; refuses where none covers it. */
export function requirePolicy(environment: string): Policy {
  const policy = policyFor(environment);
  if (!policy) throw new Refusal("invalid", `No policy covers releases to ${environment}.`);
  return policy;
}

export function requireTierRule(policy: Policy, tier: number | null) {
  const rule = tierRule(policy, tier);
  if (!rule)
    throw new Refusal(
      "conflict",
      "The model has no risk tier yet, so nobody can say which approvals it needs. Answer the twelve risk questions first.",
    );
  return rule;
}

/** What statements say of a release. The policy is the one it pins, by digest. */
export function factsOf(release: LoadedRelease): ReleaseFacts {
  const { row } = release;
  const pinned = policies().find((p) => p.policy.digest === row.policyDigest)?.policy;
  return {
    id: row.id,
    ref: row.ref,
    model: release.model,
    version: release.version,
    environment: row.environment,
    digest: row.digest,
    policy: { id: row.policyId, version: pinned?.version ?? 0, digest: row.policyDigest },
  };
}

/** The newest signed tree head, so that a signature also proves "not earlier than"; the empty tree before the first one. */
export async function logContext(read: Reader): Promise<LogContext> {
  const [head] = await read.select().from(logCheckpoints).orderBy(desc(logCheckpoints.size)).limit(1);
  const root = head?.root ?? sha256(new Uint8Array());
  return { origin: hosts().log, size: head?.size ?? 0, root: root.toString("base64") };
}
