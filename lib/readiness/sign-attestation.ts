import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { attestations, evidenceFiles } from "@/db/schema/facts";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { no, Refusal } from "@/lib/core/refusal";
import { keyToSignWith, openSignature, Signed, takeSignature } from "@/lib/credentials/signature";
import { hosts } from "@/lib/signing/hosts";
import { signingRequestBy } from "@/lib/signing/requests";
import { build, nonce } from "@/lib/signing/statement";
import { maySignAttestation } from "./readiness";
import { checklistItem, modelSubject } from "./subject";

/** What the open signing request remembers beside the statement. */
const Context = z.strictObject({ attestationId: z.uuid(), credentialId: z.uuid() });

async function attestationBy(read: Reader, id: string, actor: Actor) {
  const [found] = await read
    .select({ row: attestations, evidenceName: evidenceFiles.name })
    .from(attestations)
    .leftJoin(evidenceFiles, eq(evidenceFiles.sha256, attestations.evidenceSha256))
    .where(eq(attestations.id, id));
  if (!found) throw new Refusal("not_found", "There is no such attestation.");
  return { ...found, model: await modelSubject(read, found.row.modelId, actor) };
}

/** The attestation that an open link is about, for the page that shows it. */
export async function attestationOf(read: Reader, context: string, actor: Actor) {
  const { attestationId, credentialId } = Context.parse(JSON.parse(context));
  return { ...(await attestationBy(read, attestationId, actor)), credentialId };
}

/**
 * Words what a person attested as a statement and opens the signing page for it. Its subjects are the checklist that they had before
 * them and, where they gave a file, the file; a link is named in the text.
 */
export const prepareAttestation = command({
  name: "readiness.attestation.signature.prepared",
  title: "Prepare a signature of an attestation",
  http: { method: "POST", path: "/attestations/{id}/signature", status: 201 },
  input: z.strictObject({
    id: z.uuid("Give the attestation's id."),
    credential: z.string().trim().min(1).max(100).optional(),
  }),
  load: (tx, { id }, actor) => attestationBy(tx, id, actor),
  may: (actor, { row }) => maySignAttestation(actor, row),
  run: async (tx, { input, subject: { row, model, evidenceName }, actor, now }) => {
    const key = await keyToSignWith(tx, actor, input.credential);
    const { item, digest } = checklistItem(row.itemId);
    const { name } = hosts();
    const statement = build(
      `https://${name}/attestation/readiness-attestation/v1`,
      [
        { name: `checklist item ${item.id}`, digest: row.checklistDigest || digest },
        ...(row.evidenceSha256 ? [{ name: evidenceName ?? "evidence", digest: row.evidenceSha256 }] : []),
      ],
      {
        attestationId: row.id,
        model: model.name,
        item: { id: item.id, title: item.title },
        outcome: row.outcome,
        ...(row.notApplicableReason ? { notApplicableReason: row.notApplicableReason } : {}),
        statement: row.statement,
        ...(row.evidenceUrl ? { evidenceUrl: row.evidenceUrl } : {}),
        attester: { id: `user:${actor.id}`, name: actor.name, credential: key.kid },
        effectiveOn: dayOf(row.effectiveAt),
        expiresAt: row.expiresAt.toISOString(),
        issuedAt: now.toISOString(),
        nonce: nonce(),
      },
    );
    const { opened, requestId } = await openSignature(tx, {
      purpose: "attest",
      payload: statement.payload,
      key,
      context: { attestationId: row.id },
      now,
    });
    return {
      result: { attestationId: row.id, ...opened },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `opened the signing page for the attestation of ${row.itemId} of ${model.name}`,
        body: { attestation: row.id, item: row.itemId, request: requestId, paeSha256: opened.paeSha256 },
      },
    };
  },
});

/** Records a person's signature over what they attested, after everything about it was checked once more. */
export const signAttestation = command({
  name: "readiness.attestation.signed",
  title: "Record the signature of an attestation",
  http: { method: "POST", path: "/attestations/signatures", status: 201 },
  input: Signed,
  load: async (tx, { token }, actor) => {
    // Whether the link has expired is checked in `run`, where the clock is.
    const request = await signingRequestBy(tx, token, "attest", new Date(0));
    return { request, ...(await attestationOf(tx, request.context, actor)) };
  },
  may: (actor, { request, row }) =>
    actor.id === request.personId ? maySignAttestation(actor, row) : no("forbidden", "This link is another person's."),
  run: async (tx, { input, subject: { row, model, credentialId }, actor, now }) => {
    const request = await signingRequestBy(tx, input.token, "attest", now);
    const signed = await takeSignature(tx, { input, request, credentialId, actor, now });
    const { key, statement } = signed;
    const [still] = await tx
      .update(attestations)
      .set({ statementSha256: statement, signedAt: now })
      .where(and(eq(attestations.id, row.id), isNull(attestations.supersededAt), isNull(attestations.signedAt)))
      .returning({ id: attestations.id });
    if (!still) throw new Refusal("conflict", "This attestation was revoked, replaced or signed a moment ago.");
    return {
      result: { id: row.id, item: row.itemId, model: model.name, statement: statement.toString("hex") },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `signed the attestation of ${row.itemId} of ${model.name} with ${signed.with}`,
        body: {
          attestation: row.id,
          item: row.itemId,
          credential: key.kid,
          keyKind: key.kind,
          statement: statement.toString("hex"),
        },
      },
      signatures: [signed.leaf],
    };
  },
});
