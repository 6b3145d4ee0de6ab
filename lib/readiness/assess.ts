import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { desc, eq } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { assessments } from "@/db/schema/facts";
import { models, modelVersions } from "@/db/schema/models";
import { loadContent, newest } from "@/lib/content/load";
import { Refusal } from "@/lib/core/refusal";
import type { Tier } from "@/lib/risk/tier";
import { type Given, given } from "./given";
import { isRequired, judge } from "./judge";
import { ownFacts } from "./own-facts";
import { type Assessment, type Counts, itemTypeOf } from "./readiness";

export const checklistId = "production-readiness";

/** Version of the bytes an approval refers to. */
export const assessmentVersion = "countersign/readiness/v1";

const asTier = (value: number | null): Tier | null =>
  value === 1 || value === 2 || value === 3 || value === 4 ? value : null;

const checklistInForce = () => {
  const checklist = newest(loadContent().checklists, checklistId);
  if (!checklist) throw new Error(`content/checklists has no ${checklistId}.`);
  return checklist;
};

/** The state of each item. `requiredOnly` leaves out what tier and type do not ask for, which counts for nothing. */
export function judgeAll(found: Given, now: Date, requiredOnly = false) {
  const tier = asTier(found.model.tier);
  const type = itemTypeOf(found.model);
  const facts = [...found.facts, ...ownFacts(found, now)];
  const items = checklistInForce()
    .items.filter((item) => !requiredOnly || isRequired(item, tier, type, now))
    .map((item) =>
      judge(item, {
        tier,
        type,
        facts,
        attestation: found.attestations.get(item.id) ?? null,
        waiver: found.waivers.get(item.id) ?? null,
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
  return { tier, type, facts, items, required, counts };
}

/**
 * The readiness of a model as of `now`; with `versionId` null, of its newest version. `content` holds states, causes, fact
 * ids and values, attestations and waivers of the required items, and no time of asking: the same inputs give the same
 * digest. One read.
 */
export async function assess(read: Reader, modelId: string, versionId: string | null, now: Date): Promise<Assessment> {
  const found = await given(read, { model: { id: modelId }, version: versionId ? { id: versionId } : null }, now);
  if (!found) throw new Refusal("not_found", "There is no such model.");
  const { model, version } = found;
  if (versionId && !version) throw new Refusal("not_found", `${model.name} has no such version.`);
  const checklist = checklistInForce();
  const { tier, type, facts, items, required, counts } = judgeAll(found, now);
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
    judgedBy: { tier, type, facts, now },
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
