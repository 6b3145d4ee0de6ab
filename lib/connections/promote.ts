import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { connections, models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { HttpLimits } from "@/lib/connectors/http";
import { openRegistry } from "@/lib/connectors/registries";
import type { ModelRef, RegistryClient, Write } from "@/lib/connectors/registry";
import { isSource } from "@/lib/connectors/systems";
import { connectorActor } from "@/lib/core/actor";
import { type Ctx, command } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { recordDeployment } from "@/lib/models/deployments";
import { targetOf } from "./find";
import { aliasSource } from "./reconcile";

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
  input: z.strictObject({
    releaseId: z.uuid(),
    alias: z.string().max(100),
    before: z.string().max(120).nullable(),
    writes: z.array(z.strictObject({ request: z.string().max(2000), response: z.string().max(2000) })).max(10),
    readBack: z.string().max(120),
  }),
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
  if (release.environment !== "prod" || !connection || connection.removedAt || !model.externalId || !model.externalName)
    return "nothing to promote";
  if (version.digest !== null && version.digest !== release.digest)
    throw new Refusal(
      "invalid",
      `${release.ref} was approved for other content than ${model.name} ${version.version} has now.`,
    );
  if (isSource(connection.system)) return "nothing to promote";
  const client = await openRegistry(connection.system, targetOf(connection), limits);
  let receipt: Receipt;
  try {
    if (!client.promotion) return "nothing to promote";
    const at = { model: { id: model.externalId, name: model.externalName }, version: version.version };
    receipt = await writeAndReadBack(client.promotion, { ...at, alias: connection.prodAlias, releaseRef: release.ref });
  } finally {
    client.close();
  }
  const ctx: Ctx = { ...system, actor: connectorActor(connection) };
  await recordReadBack(ctx, { releaseId, alias: connection.prodAlias, ...receipt });
  return "promoted";
}

type Receipt = { before: string | null; writes: Write[]; readBack: string };

/** Sets what serves unless it does already, and believes only what is read back. */
async function writeAndReadBack(
  { promote, readBack }: NonNullable<RegistryClient["promotion"]>,
  to: { model: ModelRef; version: string; alias: string; releaseRef: string },
): Promise<Receipt> {
  const before = await readBack(to.model, to.alias);
  const writes = await promote(to);
  const after = await readBack(to.model, to.alias);
  if (after !== to.version)
    throw new UpstreamFault(
      "server",
      `The registry accepted ${to.alias} on ${to.model.name} ${to.version} but reads back ${after ?? "no version"}. Does something else set it?`,
    );
  return { before, writes, readBack: after };
}
