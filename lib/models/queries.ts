import "server-only";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import {
  connections,
  deployments,
  models,
  modelUseCases,
  modelVersions,
  ownerRequests,
  useCases,
} from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import { releases } from "@/db/schema/releases";
import { findings } from "@/db/schema/reviews";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findModel, findVersion } from "./find";
import { modelKey } from "./inputs";
import { listModels } from "./list";
import { modelListInput } from "./list-input";

export const modelList = query({
  name: "models.listed",
  title: "List models",
  http: { method: "GET", path: "/models" },
  input: modelListInput,
  run: (read, input, actor) => listModels(read, input, actor),
});

const backup = alias(people, "backup");
const successor = alias(models, "successor");

const place = {
  target: deployments.target,
  targetKind: deployments.targetKind,
  region: deployments.region,
  percent: deployments.percent,
};

/** One model with everything its page's head shows. */
export const modelGet = query({
  name: "model.read",
  title: "Read a model",
  http: { method: "GET", path: "/models/{name}" },
  input: z.strictObject({ name: modelKey }),
  run: async (read, input, actor) => {
    const found = await findModel(read, input.name, actor);
    const [[row], serving, openFindings, [counted], furtherUseCases, asked] = await Promise.all([
      read
        .select({
          model: models,
          unit: { slug: businessUnits.slug, name: businessUnits.name },
          owner: { id: people.id, name: people.name, email: people.email },
          backup: { id: backup.id, name: backup.name, email: backup.email },
          useCase: { ref: useCases.ref, name: useCases.name },
          successor: successor.name,
          source: { id: connections.id, name: connections.name, asOf: connections.lastCompletedAt },
        })
        .from(models)
        .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId))
        .leftJoin(people, eq(people.id, models.ownerId))
        .leftJoin(backup, eq(backup.id, models.backupOwnerId))
        .leftJoin(useCases, eq(useCases.id, models.useCaseId))
        .leftJoin(connections, eq(connections.id, models.connectionId))
        .leftJoin(successor, eq(successor.id, models.successorId))
        .where(eq(models.id, found.id)),
      read
        .select({
          id: deployments.id,
          environment: deployments.environment,
          version: modelVersions.version,
          digest: deployments.digest,
          since: deployments.since,
          source: deployments.source,
          kind: deployments.kind,
          ...place,
          release: releases.ref,
          bypass: findings.ref,
        })
        .from(deployments)
        .innerJoin(modelVersions, eq(modelVersions.id, deployments.versionId))
        .leftJoin(releases, eq(releases.id, deployments.releaseId))
        .leftJoin(findings, eq(findings.id, deployments.bypassFindingId))
        .where(and(eq(deployments.modelId, found.id), isNull(deployments.until)))
        .orderBy(deployments.environment, deployments.target, desc(deployments.percent)),
      read
        .select({
          ref: findings.ref,
          title: findings.title,
          text: findings.text,
          severity: findings.severity,
          raisedAt: findings.raisedAt,
        })
        .from(findings)
        .where(and(eq(findings.modelId, found.id), eq(findings.source, "gate_bypass"), eq(findings.status, "open")))
        .orderBy(desc(findings.raisedAt))
        .limit(10),
      read
        .select({
          versions: sql<number>`(select count(*)::int from model_version v where v.model_id = ${found.id})`,
          openIncidents: sql<number>`(select count(*)::int from incident i where i.model_id = ${found.id} and i.resolved_at is null)`,
        })
        .from(models)
        .where(eq(models.id, found.id)),
      read
        .select({ ref: useCases.ref, name: useCases.name })
        .from(modelUseCases)
        .innerJoin(useCases, eq(useCases.id, modelUseCases.useCaseId))
        .where(eq(modelUseCases.modelId, found.id))
        .orderBy(useCases.name),
      read
        .select({ about: ownerRequests.about, askedBy: ownerRequests.askedByName, askedAt: ownerRequests.askedAt })
        .from(ownerRequests)
        .where(and(eq(ownerRequests.modelId, found.id), isNull(ownerRequests.doneAt))),
    ]);
    if (!row || !counted) throw new Refusal("not_found", `${input.name} was removed a moment ago.`);
    const { model, ...beside } = row;
    return { ...model, ...beside, serving, bypasses: openFindings, counts: counted, furtherUseCases, asked };
  },
});

const versionColumns = {
  id: modelVersions.id,
  version: modelVersions.version,
  digest: modelVersions.digest,
  digestSource: modelVersions.digestSource,
  runId: modelVersions.runId,
  commit: modelVersions.commit,
  sourceUri: modelVersions.sourceUri,
  status: modelVersions.status,
  aliases: modelVersions.aliases,
  trainedBy: modelVersions.trainedBy,
  licence: modelVersions.licence,
  baseModel: modelVersions.baseModel,
  runtime: modelVersions.runtime,
  registeredAt: modelVersions.registeredAt,
  lastSeenAt: modelVersions.lastSeenAt,
};

/** A model's versions, newest first. */
export const versionList = query({
  name: "model.versions.listed",
  title: "List a model's versions",
  http: { method: "GET", path: "/models/{name}/versions" },
  input: z.strictObject({
    name: modelKey,
    /** `next` of the page before. */
    after: z
      .string()
      .regex(
        /^\d{1,15}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        "Not a cursor of this list. Start again without it.",
      )
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const [millis, id] = input.after?.split("_") ?? [];
    const beyond = millis
      ? sql`(${modelVersions.registeredAt}, ${modelVersions.id}) < (${new Date(Number(millis)).toISOString()}::timestamptz, ${id}::uuid)`
      : undefined;
    const rows = await read
      .select(versionColumns)
      .from(modelVersions)
      .where(and(eq(modelVersions.modelId, model.id), beyond))
      .orderBy(desc(modelVersions.registeredAt), desc(modelVersions.id))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const last = page.at(-1);
    return {
      versions: page,
      next: rows.length > input.limit && last ? `${last.registeredAt.getTime()}_${last.id}` : null,
    };
  },
});

/** One version with where it served. */
export const versionGet = query({
  name: "model.version.read",
  title: "Read a model version",
  http: { method: "GET", path: "/models/{name}/versions/{version}" },
  input: z.strictObject({ name: modelKey, version: z.string().min(1).max(120) }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const { raw: _, rawSha256, ...version } = await findVersion(read, model, input.version);
    const served = await read
      .select({
        environment: deployments.environment,
        since: deployments.since,
        until: deployments.until,
        kind: deployments.kind,
        source: deployments.source,
        release: releases.ref,
      })
      .from(deployments)
      .leftJoin(releases, eq(releases.id, deployments.releaseId))
      .where(eq(deployments.versionId, version.id))
      .orderBy(desc(deployments.since))
      .limit(50);
    return { ...version, model: model.name, rawSha256: rawSha256?.toString("hex") ?? null, deployments: served };
  },
});

/** A model's deployments, newest first. */
export const deploymentList = query({
  name: "deployments.listed",
  title: "List a model's deployments",
  http: { method: "GET", path: "/models/{name}/deployments" },
  input: z.strictObject({ name: modelKey, limit: z.coerce.number().int().min(1).max(200).default(50) }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const rows = await read
      .select({
        id: deployments.id,
        environment: deployments.environment,
        version: modelVersions.version,
        digest: deployments.digest,
        kind: deployments.kind,
        source: deployments.source,
        ...place,
        since: deployments.since,
        until: deployments.until,
        release: releases.ref,
        bypass: findings.ref,
      })
      .from(deployments)
      .innerJoin(modelVersions, eq(modelVersions.id, deployments.versionId))
      .leftJoin(releases, eq(releases.id, deployments.releaseId))
      .leftJoin(findings, eq(findings.id, deployments.bypassFindingId))
      .where(eq(deployments.modelId, model.id))
      .orderBy(desc(deployments.since))
      .limit(input.limit);
    return { deployments: rows };
  },
});
