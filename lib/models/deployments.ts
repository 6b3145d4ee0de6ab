import "server-only";
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { deployments, models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { findings } from "@/db/schema/reviews";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { recordFacts } from "@/lib/facts/record";
import type { DeploymentKind, TargetKind } from "./model";

/** What was seen to serve. `baseline`: it served before Countersign first looked, so no gate could have been asked. */
export type Served = {
  model: { id: string; name: string };
  version: { id: string; version: string; digest: string | null; registeredAt: Date };
  environment: string;
  digest: string | null;
  since: Date;
  source: string;
  kind?: DeploymentKind;
  /** Endpoint or job, and its share of the traffic there; left out when only the environment is known. */
  target?: { name: string; kind: TargetKind; region: string } | undefined;
  percent?: number;
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
  const percent = served.percent ?? 100;
  const standing = await tx
    .select()
    .from(deployments)
    .where(and(eq(deployments.modelId, model.id), eq(deployments.environment, environment), isNull(deployments.until)))
    .orderBy(desc(deployments.since))
    .for("update");
  // Who names no target means what stands there under any; who names one means it, or what was reported without.
  const here = served.target ? standing.filter((d) => d.target === served.target?.name || d.target === "") : standing;
  const open =
    here.find((d) => d.versionId === version.id) ?? here.find((d) => !served.target || d.target !== "") ?? here[0];
  const release = await covering(tx, served);
  const same = open?.versionId === version.id && (served.digest === null || open.digest === served.digest);

  if (open && same && served.kind !== "redeploy") {
    const moved = await moveTraffic(tx, served, open, here, now);
    if (moved) return { id: open.id, kind: open.kind, releaseRef: release?.ref ?? null, raised: null, ...moved };
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

  const resolved = await giveWay(tx, served, here, now);
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
    // A report without a target replaces what stood there, where it stood.
    target: served.target?.name ?? open?.target ?? "",
    targetKind: served.target?.kind ?? open?.targetKind ?? null,
    region: served.target?.region ?? open?.region ?? "",
    percent,
  });
  if (release) await settle(tx, served, release.id, now);
  await sayCovered(tx, served, release !== null, now);
  return { id, kind, releaseRef: release?.ref ?? null, raised: finding?.ref ?? null, resolved, changed: true };
}

type Standing = typeof deployments.$inferSelect;

/** The same version with another share or a target that was not known: null when nothing about that is new. */
async function moveTraffic(
  tx: Tx,
  served: Served,
  open: Standing,
  here: readonly Standing[],
  now: Date,
): Promise<{ resolved: string[]; changed: true } | null> {
  // A report without a target says nothing about traffic.
  if (!served.target) return null;
  const { name, kind, region } = served.target;
  const percent = served.percent ?? 100;
  if (open.target === name && open.targetKind === kind && open.region === region && open.percent === percent)
    return null;
  const resolved = await giveWay(
    tx,
    served,
    here.filter((d) => d.id !== open.id),
    now,
  );
  await tx
    .update(deployments)
    .set({ target: name, targetKind: kind, region, percent })
    .where(eq(deployments.id, open.id));
  return { resolved, changed: true };
}

/** Makes room for what is served now: all of the traffic ends what stood there, a share leaves it the rest. */
async function giveWay(tx: Tx, served: Served, others: readonly Standing[], now: Date): Promise<string[]> {
  const rest = 100 - (served.percent ?? 100);
  if (others.length === 0) return [];
  const [only] = others;
  if (rest > 0 && only && others.length === 1) {
    await tx.update(deployments).set({ percent: rest }).where(eq(deployments.id, only.id));
    return [];
  }
  if (rest > 0) {
    const sum = others.reduce((n, d) => n + d.percent, 0);
    if (sum <= rest) return [];
    throw new Refusal(
      "conflict",
      `The shares at ${served.target?.name ?? served.environment} would add up to ${sum + 100 - rest} %. Report the smaller shares of the other versions first.`,
      [{ field: "percent", message: `At most ${Math.max(0, 100 - sum)} is left.` }],
    );
  }
  await tx
    .update(deployments)
    .set({ until: served.since })
    .where(
      inArray(
        deployments.id,
        others.map((d) => d.id),
      ),
    );
  const findings = others.map((d) => d.bypassFindingId);
  return resolve(tx, findings, `Version ${served.version.version} serves in its place.`, now);
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
