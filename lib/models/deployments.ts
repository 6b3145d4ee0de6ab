import "server-only";
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { deployments, models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { findings } from "@/db/schema/reviews";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { recordFacts } from "@/lib/facts/record";
import type { DeploymentKind } from "./model";

/** What was seen to serve. `baseline`: it served before Countersign first looked, so no gate could have been asked. */
export type Served = {
  model: { id: string; name: string };
  version: { id: string; version: string; digest: string | null; registeredAt: Date };
  environment: string;
  digest: string | null;
  since: Date;
  source: string;
  kind?: DeploymentKind;
  baseline: boolean;
  raisedBy: string;
};

export type Recorded = {
  id: string;
  kind: DeploymentKind;
  releaseRef: string | null;
  /** Reference of the finding that this raised, or of those it resolved. */
  raised: string | null;
  resolved: readonly string[];
  /** False when the same version already stood there and nothing about it changed. */
  changed: boolean;
};

/**
 * Writes down what serves in an environment, ends what served before, and compares it with the releases: a version in prod that
 * no allowed release covers is a gate bypass and raises one finding, which is resolved when a release covers the version or
 * another version takes its place. Called inside a command, which logs it.
 */
export async function recordDeployment(tx: Tx, served: Served, now: Date): Promise<Recorded> {
  const { model, version, environment } = served;
  const [open] = await tx
    .select()
    .from(deployments)
    .where(and(eq(deployments.modelId, model.id), eq(deployments.environment, environment), isNull(deployments.until)))
    .orderBy(desc(deployments.since))
    .for("update");
  const release = await covering(tx, served);
  const same = open?.versionId === version.id && (served.digest === null || open.digest === served.digest);

  if (open && same && served.kind !== "redeploy") {
    if (open.releaseId || !release) {
      return {
        id: open.id,
        kind: open.kind,
        releaseRef: release?.ref ?? null,
        raised: null,
        resolved: [],
        changed: false,
      };
    }
    await tx.update(deployments).set({ releaseId: release.id }).where(eq(deployments.id, open.id));
    await settle(tx, served, release.id, now);
    await sayCovered(tx, served, true, now);
    const resolved = await resolve(tx, [open.bypassFindingId], `Release ${release.ref} covers this version now.`, now);
    return { id: open.id, kind: open.kind, releaseRef: release.ref, raised: null, resolved, changed: true };
  }

  const resolved = open
    ? await resolve(tx, [open.bypassFindingId], `Version ${version.version} serves in its place.`, now)
    : [];
  if (open) await tx.update(deployments).set({ until: served.since }).where(eq(deployments.id, open.id));
  const kind = served.kind ?? (await kindOf(tx, served, open?.versionId ?? null));
  const id = newId();
  const bypass = environment === "prod" && !release;
  const finding = bypass ? await raise(tx, served, now) : null;
  await tx.insert(deployments).values({
    id,
    modelId: model.id,
    versionId: version.id,
    environment,
    digest: served.digest,
    releaseId: release?.id ?? null,
    source: served.source,
    kind,
    since: served.since,
    bypassFindingId: finding?.id ?? null,
  });
  if (release) await settle(tx, served, release.id, now);
  await sayCovered(tx, served, release !== null, now);
  return { id, kind, releaseRef: release?.ref ?? null, raised: finding?.ref ?? null, resolved, changed: true };
}

/** Ends a deployment that nothing takes the place of; answers with the findings that this resolves. */
export async function endDeployment(tx: Tx, id: string | null, now: Date, why: string): Promise<readonly string[]> {
  if (!id) return [];
  const [row] = await tx
    .update(deployments)
    .set({ until: now })
    .where(and(eq(deployments.id, id), isNull(deployments.until)))
    .returning({ modelId: deployments.modelId, finding: deployments.bypassFindingId });
  if (!row) return [];
  return resolve(tx, [row.finding], why, now);
}

/** The newest release that allows this version, with this content, in this environment. */
async function covering(tx: Tx, { version, environment, digest }: Served) {
  const [release] = await tx
    .select({ id: releases.id, ref: releases.ref, digest: releases.digest })
    .from(releases)
    .where(
      and(
        eq(releases.versionId, version.id),
        eq(releases.environment, environment),
        inArray(releases.status, ["allowed", "released"]),
      ),
    )
    .orderBy(desc(releases.requestedAt))
    .limit(1);
  // Content that differs from what was approved is not covered by the approval.
  return release && (digest === null || digest === release.digest) ? release : null;
}

/** The release has happened: it says so itself, and the inventory shows the date. */
async function settle(tx: Tx, served: Served, releaseId: string, now: Date): Promise<void> {
  await tx
    .update(releases)
    .set({
      status: "released",
      promotedAt: sql`coalesce(${releases.promotedAt}, ${served.since.toISOString()}::timestamptz)`,
    })
    .where(and(eq(releases.id, releaseId), eq(releases.status, "allowed")));
  if (served.environment !== "prod") return;
  await tx.update(models).set({ lastReleaseAt: served.since, updatedAt: now }).where(eq(models.id, served.model.id));
}

async function sayCovered(tx: Tx, { model, environment }: Served, covered: boolean, now: Date): Promise<void> {
  if (environment !== "prod") return;
  const source = { kind: "system" as const, id: "system", name: "Countersign" };
  const fact = {
    subjectKind: "model" as const,
    subjectId: model.id,
    key: "deployment.covered",
    value: covered,
    source,
  };
  await recordFacts(tx, [{ ...fact, effectiveAt: now, collectedAt: now }], now);
}

/** New, unless the version served here before and an older one takes the place of a newer one: then a rollback. */
async function kindOf(tx: Tx, { model, version, environment }: Served, fromId: string | null): Promise<DeploymentKind> {
  if (fromId === version.id) return "redeploy";
  const [before] = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(
      and(
        eq(deployments.modelId, model.id),
        eq(deployments.versionId, version.id),
        eq(deployments.environment, environment),
      ),
    )
    .limit(1);
  if (!before || !fromId) return "new";
  const [from] = await tx
    .select({ registeredAt: modelVersions.registeredAt })
    .from(modelVersions)
    .where(eq(modelVersions.id, fromId));
  return from && from.registeredAt > version.registeredAt ? "rollback" : "redeploy";
}

async function raise(tx: Tx, served: Served, now: Date): Promise<{ id: string; ref: string } | null> {
  const { model, version } = served;
  const id = newId();
  const ref = await nextRef(tx, "fnd");
  await tx.insert(findings).values({
    id,
    ref,
    modelId: model.id,
    source: "gate_bypass",
    title: `${model.name} ${version.version} serves in production without a release`,
    text: `${served.source} shows version ${version.version} in production since ${served.since.toISOString()}. No allowed release covers it.${
      served.baseline ? " It stood there when Countersign first looked." : ""
    } Request a release for this version, or put back the one that was released.`,
    severity: served.baseline ? "should_fix" : "must_fix",
    status: "open",
    raisedBy: served.raisedBy,
    raisedAt: now,
  });
  return { id, ref };
}

async function resolve(tx: Tx, ids: readonly (string | null)[], resolution: string, now: Date): Promise<string[]> {
  const known = ids.filter((id): id is string => id !== null);
  if (known.length === 0) return [];
  const rows = await tx
    .update(findings)
    .set({ status: "resolved", resolution, resolvedAt: now })
    .where(and(inArray(findings.id, known), inArray(findings.status, ["open", "accepted"])))
    .returning({ ref: findings.ref });
  return rows.map((r) => r.ref);
}
