import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader, Tx } from "@/db/client";
import { assessments, attestations, waivers } from "@/db/schema/facts";
import { models, modelVersions } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { loadContent, newest } from "@/lib/content/load";
import { Refusal } from "@/lib/core/refusal";
import { currentFacts } from "@/lib/facts/queries";
import type { Tier } from "@/lib/risk/tier";
import { type Attested, judge, type Waived } from "./judge";
import { ownFacts } from "./own-facts";
import { type Assessment, type Counts, itemTypeOf } from "./readiness";

export const checklistId = "production-readiness";

/** Version of the bytes an approval refers to. */
export const assessmentVersion = "countersign/readiness/v1";

const asTier = (value: number | null): Tier | null =>
  value === 1 || value === 2 || value === 3 || value === 4 ? value : null;

/**
 * The readiness of a model as of `now`; with `versionId` null, of its newest version. `content` holds states, causes, fact
 * ids and values, attestations and waivers of the required items, and no time of asking: the same inputs give the same
 * digest. Nine reads whatever the size of the checklist.
 */
export async function assess(read: Reader, modelId: string, versionId: string | null, now: Date): Promise<Assessment> {
  const [model] = await read.select().from(models).where(eq(models.id, modelId));
  if (!model) throw new Refusal("not_found", "There is no such model.");
  const [version] = await read
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.modelId, modelId), versionId ? eq(modelVersions.id, versionId) : undefined))
    .orderBy(desc(modelVersions.registeredAt), desc(modelVersions.id))
    .limit(1);
  if (versionId && !version) throw new Refusal("not_found", `${model.name} has no such version.`);

  const checklist = newest(loadContent().checklists, checklistId);
  if (!checklist) throw new Error(`content/checklists has no ${checklistId}.`);
  const facts = [
    ...(await currentFacts(read, version ? [modelId, version.id] : [modelId])),
    ...(await ownFacts(read, model, version ?? null, now)),
  ];
  const said = await attestationsInForce(read, modelId);
  const waived = await waiversAccepted(read, modelId, now);
  const tier = asTier(model.tier);
  const type = itemTypeOf(model);

  const items = checklist.items.map((item) =>
    judge(item, {
      tier,
      type,
      facts,
      attestation: said.get(item.id) ?? null,
      waiver: waived.get(item.id) ?? null,
      now,
    }),
  );
  const required = items.filter((i) => i.required);
  const of = (state: string): number => required.filter((i) => i.state === state).length;
  const counts: Counts = {
    pass: of("pass"),
    fail: of("fail"),
    unknown: of("unknown"),
    waived: of("waived"),
    notApplicable: of("not_applicable"),
    total: required.length - of("not_applicable"),
  };
  const content = Buffer.from(
    canonicalize({
      v: assessmentVersion,
      model: { id: model.id, name: model.name, tier, type },
      version: version ? { id: version.id, version: version.version, digest: version.digest } : null,
      checklist: { id: checklist.id, version: checklist.version, digest: checklist.digest },
      counts,
      items: required.map((i) => ({
        id: i.id,
        state: i.state,
        cause: i.cause,
        facts: i.facts.map(({ id, key, value }) => ({ id, key, value })),
        attestation: i.attestationId,
        waiver: i.waiverRef,
      })),
    }) ?? "",
  );
  return {
    modelId,
    versionId: version?.id ?? null,
    tier,
    type,
    checklist: { id: checklist.id, version: checklist.version, digest: checklist.digest, title: checklist.title },
    items,
    counts,
    content,
    digest: createHash("sha256").update(content).digest("hex"),
  };
}

/**
 * Assesses and keeps the bytes, so that an approval can refer to them. For the newest version also moves the model's
 * readiness numbers. `changed` says whether the result differs from the one before.
 */
export async function takeAssessment(
  tx: Tx,
  modelId: string,
  versionId: string | null,
  now: Date,
): Promise<Assessment & { changed: boolean }> {
  const result = await assess(tx, modelId, versionId, now);
  const { counts } = result;
  await tx
    .insert(assessments)
    .values({
      digest: result.digest,
      modelId,
      versionId: result.versionId,
      checklistDigest: result.checklist.digest,
      content: result.content,
      pass: counts.pass,
      fail: counts.fail,
      unknown: counts.unknown,
      waived: counts.waived,
      total: counts.total,
      takenAt: now,
    })
    .onConflictDoNothing();
  const [before] = await tx
    .select({ digest: models.readinessDigest })
    .from(models)
    .where(eq(models.id, modelId))
    .for("no key update");
  const [latest] = await tx
    .select({ id: modelVersions.id })
    .from(modelVersions)
    .where(eq(modelVersions.modelId, modelId))
    .orderBy(desc(modelVersions.registeredAt), desc(modelVersions.id))
    .limit(1);
  if (result.versionId === (latest?.id ?? null))
    await tx
      .update(models)
      .set({
        readinessPass: counts.pass,
        readinessFail: counts.fail,
        readinessUnknown: counts.unknown,
        readinessWaived: counts.waived,
        readinessTotal: counts.total,
        readinessDigest: result.digest,
        readinessAt: now,
      })
      .where(eq(models.id, modelId));
  return { ...result, changed: before?.digest !== result.digest };
}

async function attestationsInForce(read: Reader, modelId: string): Promise<Map<string, Attested>> {
  const rows = await read
    .select({ row: attestations, byName: people.name })
    .from(attestations)
    .innerJoin(people, eq(people.id, attestations.attestedBy))
    .where(and(eq(attestations.modelId, modelId), isNull(attestations.supersededAt)));
  return new Map(
    rows.map(({ row, byName }) => [
      row.itemId,
      {
        id: row.id,
        outcome: row.outcome,
        statement: row.statement,
        byName,
        effectiveAt: row.effectiveAt,
        expiresAt: row.expiresAt,
        notApplicableReason: row.notApplicableReason,
        confirmed: row.confirmedBy !== null,
      },
    ]),
  );
}

/** Accepted and unexpired; of several for one item the one that lasts longest. */
async function waiversAccepted(read: Reader, modelId: string, now: Date): Promise<Map<string, Waived>> {
  const acceptor = alias(people, "acceptor");
  const rows = await read
    .select({ itemId: waivers.itemId, ref: waivers.ref, expiresAt: waivers.expiresAt, acceptedByName: acceptor.name })
    .from(waivers)
    .innerJoin(acceptor, eq(acceptor.id, waivers.acceptedBy))
    .where(and(eq(waivers.modelId, modelId), isNotNull(waivers.acceptedAt)))
    .orderBy(waivers.expiresAt, waivers.ref);
  return new Map(rows.filter((r) => r.expiresAt > now).map(({ itemId, ...waiver }) => [itemId, waiver]));
}
