import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { desc, eq } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { assessments } from "@/db/schema/facts";
import { models, modelVersions } from "@/db/schema/models";
import { readinessSteps } from "@/db/schema/readiness";
import { prepared, send } from "@/db/transact";
import { hearOfReadiness } from "@/lib/campaigns/raise-items";
import { loadContent, newest } from "@/lib/content/load";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Tier } from "@/lib/risk/tier";
import { type Given, given } from "./given";
import { isRequired, judge, raised } from "./judge";
import { isByHand } from "./level";
import { ownFacts } from "./own-facts";
import { type Assessment, type Counts, itemTypeOf } from "./readiness";

export const checklistId = "production-readiness";

/** Version of the bytes an approval refers to. */
export const assessmentVersion = "countersign/readiness/v1";

const asTier = (value: number | null): Tier | null =>
  value === 1 || value === 2 || value === 3 || value === 4 ? value : null;

/** The checklist that everything is judged by. */
export const checklistInForce = () => {
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
    .items.filter((item) => !requiredOnly || isRequired(raised(item, found.raises, tier, now).item, tier, type, now))
    .map((item) =>
      judge(
        item,
        {
          tier,
          type,
          facts,
          attestation: found.attestations.get(item.id) ?? null,
          waiver: found.waivers.get(item.id) ?? null,
          now,
        },
        found.raises,
      ),
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
  const changed = before?.digest !== result.digest;
  if (result.versionId === (latest?.id ?? null)) {
    await project(tx, result, changed, now);
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
  }
  return { ...result, changed };
}

const keepItems = prepared(
  "readiness_items_kept",
  `insert into readiness_item (model_id, item_id, required, state, cause, by_hand, since)
    select $1::uuid, x.item_id, x.required, x.state, x.cause, x.by_hand, $3::timestamptz
    from jsonb_to_recordset($2::jsonb) as x(item_id text, required boolean, state text, cause text, by_hand boolean)
    on conflict (model_id, item_id) do update set required = excluded.required, state = excluded.state, cause = excluded.cause, by_hand = excluded.by_hand,
      since = case when readiness_item.state = excluded.state then readiness_item.since else excluded.since end
    where (readiness_item.required, readiness_item.state, readiness_item.cause, readiness_item.by_hand)
      is distinct from (excluded.required, excluded.state, excluded.cause, excluded.by_hand)`,
);

/** The same for lists over many models: how each item stands, and a step of the history when the result changed. */
async function project(tx: Tx, result: Assessment, changed: boolean, now: Date): Promise<void> {
  const how = new Map(checklistInForce().items.map((item) => [item.id, item.how]));
  const rows = result.items.map((i) => ({
    item_id: i.id,
    required: i.required,
    state: i.state,
    cause: i.cause,
    by_hand: isByHand(how.get(i.id) ?? "attest", i),
  }));
  await send(tx, keepItems, [result.modelId, JSON.stringify(rows), now.toISOString()]);
  const met = result.items.filter((i) => i.state === "pass" || i.state === "waived" || i.state === "not_applicable");
  await send(tx, hearOfReadiness, [result.modelId, met.map((i) => i.id), now.toISOString()]);
  if (!changed) return;
  const { pass, fail, unknown, waived, total } = result.counts;
  await tx.insert(readinessSteps).values({
    id: newId(),
    modelId: result.modelId,
    at: now,
    digest: result.digest,
    pass,
    fail,
    unknown,
    waived,
    total,
  });
}
