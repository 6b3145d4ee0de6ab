import "server-only";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { attestations, evidenceFiles } from "@/db/schema/facts";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { takeAssessment } from "./assess";
import { Attest, mayAttest, mayConfirm } from "./readiness";
import { checklistItem, modelSubject } from "./subject";

const addDays = (day: string, days: number): string =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));

/** The statement stands until the end of its last day (UTC). */
const endOf = (day: string): Date => new Date(`${day}T23:59:59Z`);

export const attest = command({
  name: "readiness.attested",
  title: "Attest that readiness items hold",
  http: { method: "POST", path: "/models/{name}/attestations", status: 201 },
  input: Attest,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAttest,
  run: async (tx, { input, subject: model, actor, now }) => {
    const today = dayOf(now);
    const effectiveOn = input.effectiveOn ?? today;
    if (effectiveOn > today) throw fieldFault("effectiveOn", "The day lies in the future. Attest once it is true.");
    if (input.outcome === "not_applicable" && !input.notApplicableReason)
      throw fieldFault("notApplicableReason", "Choose from the list why the item does not apply.");
    if (input.outcome !== "not_applicable" && input.notApplicableReason)
      throw fieldFault("notApplicableReason", "Give a reason only with the outcome not_applicable.");
    if (input.outcome === "pass" && !input.evidenceSha256 && !input.evidenceUrl)
      throw fieldFault("evidenceUrl", "Attach a file or give a link that shows it.");
    if (input.evidenceSha256) await insistOnFile(tx, input.evidenceSha256);

    const ids = [...new Set(input.items)];
    const rows = ids.map((itemId) => {
      const { item, digest } = checklistItem(itemId);
      const longest = addDays(effectiveOn, item.max_age_days);
      const expiresOn = input.expiresOn ?? longest;
      if (expiresOn > longest)
        throw fieldFault("expiresOn", `${itemId} counts for at most ${item.max_age_days} days: until ${longest}.`);
      if (expiresOn < today)
        throw fieldFault("expiresOn", `It would have run out on ${expiresOn}. Look again and attest anew.`);
      return {
        id: newId(),
        modelId: model.id,
        itemId,
        outcome: input.outcome,
        statement: input.statement,
        evidenceSha256: input.evidenceSha256 ?? null,
        evidenceUrl: input.evidenceUrl ?? null,
        effectiveAt: effectiveOn === today ? now : new Date(`${effectiveOn}T00:00:00Z`),
        collectedAt: now,
        recordedAt: now,
        expiresAt: endOf(expiresOn),
        attestedBy: actor.id,
        notApplicableReason: input.notApplicableReason ?? null,
        checklistDigest: digest,
      };
    });
    await tx
      .update(attestations)
      .set({ supersededAt: now })
      .where(
        and(eq(attestations.modelId, model.id), inArray(attestations.itemId, ids), isNull(attestations.supersededAt)),
      );
    await tx.insert(attestations).values(rows);
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    const words = { pass: "attested", fail: "attested as not met", not_applicable: "declared not applicable:" };
    return {
      result: {
        attestations: rows.map((r) => ({ id: r.id, item: r.itemId, expiresAt: r.expiresAt })),
        readiness: { digest, counts },
      },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `${words[input.outcome]} ${ids.length > 3 ? `${ids.length} readiness items` : ids.join(", ")} of ${model.name}`,
        body: { model: model.name, attestations: rows, readiness: { digest, counts } },
      },
    };
  },
});

async function insistOnFile(tx: Tx, sha256: string): Promise<void> {
  const [file] = await tx
    .select({ name: evidenceFiles.name })
    .from(evidenceFiles)
    .where(eq(evidenceFiles.sha256, sha256));
  if (!file) throw fieldFault("evidenceSha256", "No file with this digest was uploaded. Upload it first.");
}

const fieldFault = (field: string, message: string): Refusal =>
  new Refusal("invalid", `${field}: ${message}`, [{ field, message }]);

async function current(tx: Tx, id: string) {
  const [row] = await tx.select().from(attestations).where(eq(attestations.id, id));
  if (!row) throw new Refusal("not_found", "There is no such attestation.");
  return row;
}

const Revoke = z.strictObject({
  id: z.uuid("Give the attestation's id."),
  reason: z.string().trim().min(10, "Say in at least 10 characters why.").max(2000, "At most 2000 characters."),
});

export const revokeAttestation = command({
  name: "readiness.attestation.revoked",
  title: "Revoke an attestation",
  http: { method: "POST", path: "/attestations/{id}/revoke" },
  input: Revoke,
  load: async (tx, { id }, actor) => {
    const attestation = await current(tx, id);
    return { attestation, model: await modelSubject(tx, attestation.modelId, actor) };
  },
  may: (actor, { model }) => mayAttest(actor, model),
  run: async (tx, { input, subject: { attestation, model }, now }) => {
    const [row] = await tx
      .update(attestations)
      .set({ supersededAt: now })
      .where(and(eq(attestations.id, input.id), isNull(attestations.supersededAt)))
      .returning();
    if (!row) throw new Refusal("conflict", "This attestation no longer stands: it was revoked or replaced.");
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    return {
      result: { id: row.id, readiness: { digest, counts } },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `revoked the attestation of ${attestation.itemId} of ${model.name}`,
        body: { attestation: row, reason: input.reason, readiness: { digest, counts } },
      },
    };
  },
});

export const confirmNotApplicable = command({
  name: "readiness.not_applicable.confirmed",
  title: "Confirm that a readiness item does not apply",
  http: { method: "POST", path: "/attestations/{id}/confirm" },
  input: z.strictObject({ id: z.uuid("Give the attestation's id.") }),
  load: async (tx, { id }, actor) => {
    const attestation = await current(tx, id);
    return { attestation, model: await modelSubject(tx, attestation.modelId, actor) };
  },
  may: (actor, { model, attestation }) => mayConfirm(actor, model, attestation),
  run: async (tx, { input, subject: { attestation, model }, actor, now }) => {
    const [row] = await tx
      .update(attestations)
      .set({ confirmedBy: actor.id, confirmedAt: now })
      .where(
        and(
          eq(attestations.id, input.id),
          eq(attestations.outcome, "not_applicable"),
          isNull(attestations.confirmedBy),
          isNull(attestations.supersededAt),
        ),
      )
      .returning();
    if (!row)
      throw new Refusal("conflict", "There is nothing to confirm: it was confirmed, revoked or replaced already.");
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    return {
      result: { id: row.id, readiness: { digest, counts } },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `confirmed that ${attestation.itemId} does not apply to ${model.name}`,
        body: { attestation: row, readiness: { digest, counts } },
      },
    };
  },
});
