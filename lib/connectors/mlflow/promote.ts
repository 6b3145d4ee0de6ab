import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { connections, models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { type Connection, targetOf } from "@/lib/connections/find";
import { aliasSource } from "@/lib/connections/reconcile";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { HttpLimits } from "@/lib/connectors/http";
import { connectorActor } from "@/lib/core/actor";
import { type Ctx, command } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { recordDeployment } from "@/lib/models/deployments";
import { mlflowClient } from "./client";

async function loadRelease(read: Reader, releaseId: string) {
  const [row] = await read
    .select({ release: releases, model: models, version: modelVersions, connection: connections })
    .from(releases)
    .innerJoin(models, eq(models.id, releases.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, releases.versionId))
    .leftJoin(connections, eq(connections.id, models.connectionId))
    .where(eq(releases.id, releaseId));
  if (!row) throw new Refusal("not_found", "There is no such release.");
  return row;
}

/** What the registry answered when asked what serves, after Countersign had set the alias. */
const recordReadBack = command({
  name: "deployment.recorded",
  title: "Record what the registry serves after a promotion",
  http: null,
  input: z.strictObject({ releaseId: z.uuid(), alias: z.string().max(100), readBack: z.string().max(120) }),
  load: (tx, input) => loadRelease(tx, input.releaseId),
  may: (actor, { connection }) =>
    actor.kind === "connector" && actor.id === connection?.id
      ? yes
      : no("forbidden", "Only the connection itself records what was read from it."),
  run: async (tx, { input, subject: { release, model, version, connection }, now }) => {
    if (!connection) throw new Refusal("conflict", `${model.name} belongs to no connection any more.`);
    const recorded = await recordDeployment(
      tx,
      {
        model,
        version,
        environment: release.environment,
        digest: version.digest,
        since: now,
        source: aliasSource(connection),
        baseline: false,
        raisedBy: `connector:${connection.id}`,
      },
      now,
    );
    const result = { deploymentId: recorded.id, release: release.ref };
    if (!recorded.changed) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "deployment", id: recorded.id, ref: `${model.name} ${version.version}` },
        modelId: model.id,
        summary: `set the alias ${input.alias} to ${model.name} ${version.version} for ${release.ref} and read it back`,
        body: {
          ...input,
          release: release.ref,
          digest: version.digest,
          kind: recorded.kind,
          resolved: recorded.resolved,
        },
      },
    };
  },
});

/**
 * Promotes an allowed release in its registry: sets the production alias, reads it back and records what serves. Doing it again does
 * nothing. A model that no registry holds has nothing to be set; its delivery reports the deployment. Throws `conflict` while the
 * release is not allowed, UpstreamFault when the registry fails (the job tries again).
 */
export async function promoteRelease(
  system: Ctx,
  releaseId: string,
  limits: Partial<HttpLimits> = {},
): Promise<"promoted" | "nothing to promote"> {
  const { release, model, version, connection } = await loadRelease(system.db, releaseId);
  if (release.status !== "allowed" && release.status !== "released")
    throw new Refusal("invalid", `${release.ref} is ${release.status}; only an allowed release is promoted.`);
  if (release.environment !== "prod" || !connection || connection.removedAt || !model.externalName)
    return "nothing to promote";
  if (version.digest !== null && version.digest !== release.digest)
    throw new Refusal(
      "invalid",
      `${release.ref} was approved for other content than ${model.name} ${version.version} has now.`,
    );
  const readBack = await setAlias(connection, model.externalName, version.version, release.ref, limits);
  const ctx: Ctx = { ...system, actor: connectorActor(connection) };
  await recordReadBack(ctx, { releaseId, alias: connection.prodAlias, readBack });
  return "promoted";
}

async function setAlias(
  c: Connection,
  name: string,
  version: string,
  ref: string,
  limits: Partial<HttpLimits>,
): Promise<string> {
  const client = mlflowClient(targetOf(c), limits);
  try {
    if ((await client.aliasVersion(name, c.prodAlias)) !== version) await client.setAlias(name, c.prodAlias, version);
    await client.setVersionTag(name, version, "countersign.release", ref);
    const readBack = await client.aliasVersion(name, c.prodAlias);
    if (readBack !== version)
      throw new UpstreamFault(
        "server",
        `${c.name} accepted the alias ${c.prodAlias} on ${name} ${version} but reads back ${readBack ?? "no version"}. Does something else set it?`,
      );
    return readBack;
  } finally {
    client.close();
  }
}
