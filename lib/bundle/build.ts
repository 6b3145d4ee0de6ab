import "server-only";
import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { approvals, gateChecks } from "@/db/schema/releases";
import { credentials, portalKeys, signatures, statements } from "@/db/schema/signing";
import { Refusal } from "@/lib/core/refusal";
import { logId, vkey } from "@/lib/log/checkpoint";
import { proofsOf } from "@/lib/log/signature-proof";
import { base64 } from "@/lib/signing/bytes";
import { envelope, parseStatement } from "@/lib/signing/dsse";
import { type LogProof, sigstoreBundle, trustedRoot } from "@/lib/signing/sigstore";
import { ed25519Raw } from "@/lib/signing/spki";
import { documentsOf } from "./documents";
import {
  type BundleApproval,
  bundleFormat,
  type Contents,
  type Logged,
  type PersonSignature,
  requestPredicate,
  summaryPredicate,
} from "./format";

type Release = { id: string; ref: string; statementSha256: Buffer };
type Signed = { payload: Buffer; signature: typeof signatures.$inferSelect };

/**
 * Gathers a release's bundle: the latest allow, exactly the approvals that it rests on, the request, the documents that the
 * request pins, and inclusion proofs to one checkpoint. Refuses while the gate has not allowed the release.
 */
export async function buildContents(
  read: Reader,
  release: Release,
  portal: { host: string; logOrigin: string },
  now: Date,
): Promise<Contents> {
  const [allow] = await read
    .select({ sha256: gateChecks.statementSha256 })
    .from(gateChecks)
    .where(and(eq(gateChecks.releaseId, release.id), eq(gateChecks.decision, "allow"), isNull(gateChecks.breakGlassId)))
    .orderBy(desc(gateChecks.askedAt))
    .limit(1);
  if (!allow)
    throw new Refusal(
      "conflict",
      `The gate has not allowed ${release.ref} by approvals yet, so there is nothing to prove. Ask the gate once the approvals are there; what went by break-glass is under Releases, Break-glass.`,
    );
  const [answer] = await signedBy(read, [allow.sha256]);
  const [request] = await signedBy(read, [release.statementSha256]);
  if (!answer || !request) throw new Error(`${release.ref}: the request or the answer has no signature.`);
  const inputs = summaryPredicate.parse(parseStatement(answer.payload).predicate).inputAttestations;
  const given = await approvalsOf(
    read,
    release,
    inputs.map((i) => Buffer.from(i.digest.sha256, "hex")),
  );

  if (given.length === 0)
    throw new Refusal(
      "conflict",
      `The gate allowed ${release.ref} without anyone's signature, since its policy asks for none. A bundle proves who signed, so there is none to make; the gate's signed answer is the proof.`,
    );
  const entries = [request, answer, ...given.flatMap((a) => [a.signed, a.enrolment])].map(
    (s) => s.signature.logEntryId,
  );
  const proofs = await proofsOf(read, entries);
  const proofFor = (signed: Signed): LogProof => {
    const proof = proofs[entries.indexOf(signed.signature.logEntryId)];
    if (!proof)
      throw new Refusal("unavailable", "The log is still taking in the last signatures. Try again in a second.");
    return proof;
  };
  const { evidence, gate } = requestPredicate.parse(parseStatement(request.payload).predicate);
  const documents = await documentsOf(read, [
    ...evidence.map((e) => ({ name: e.name, digest: e.digest.sha256 })),
    { name: "policy", digest: gate.policy.digest.sha256 },
  ]);
  const answerProof = proofFor(answer);
  return {
    format: bundleFormat,
    release: release.ref,
    exportedAt: now.toISOString(),
    portal,
    trust: await trustOf(read, portal.logOrigin),
    checkpoint: answerProof.checkpoint,
    request: { envelope: envelopeOf(request), logged: loggedAs(proofFor(request)) },
    approvals: given.map(({ signed, enrolment, credential }) => ({
      statement: base64(signed.payload),
      signature: personSignature(signed, proofFor(signed)),
      credential: {
        kid: credential.kid,
        spki: base64(credential.spki),
        rpId: credential.rpId,
        origin: credential.origin,
        backupEligible: credential.backupEligible,
      },
      enrolment: { statement: base64(enrolment.payload), signature: personSignature(enrolment, proofFor(enrolment)) },
    })),
    documents: documents.map((d) => ({ ...d, bytes: base64(d.bytes) })),
    answer: {
      envelope: envelopeOf(answer),
      logged: loggedAs(answerProof),
      sigstore: sigstoreBundle(envelopeOf(answer), answerProof),
    },
  };
}

/** Statements with their one signature, in the order asked; those without are left out. */
async function signedBy(read: Reader, digests: readonly Buffer[]): Promise<Signed[]> {
  if (digests.length === 0) return [];
  const rows = await read
    .select({ payload: statements.payload, signature: signatures })
    .from(signatures)
    .innerJoin(statements, eq(statements.sha256, signatures.statementSha256))
    .where(inArray(signatures.statementSha256, [...digests]));
  return digests.flatMap((digest) => rows.find((r) => r.signature.statementSha256.equals(digest)) ?? []);
}

async function approvalsOf(read: Reader, release: Release, digests: readonly Buffer[]) {
  const rows = await read
    .select({ sha256: approvals.statementSha256, credential: credentials })
    .from(approvals)
    .innerJoin(credentials, eq(credentials.id, approvals.credentialId))
    .where(and(eq(approvals.releaseId, release.id), inArray(approvals.statementSha256, [...digests])))
    .orderBy(approvals.signedAt, approvals.id);
  const signed = await signedBy(
    read,
    rows.map((r) => r.sha256),
  );
  const enrolments = await signedBy(
    read,
    rows.map((r) => r.credential.enrolmentSha256),
  );
  return rows.map(({ credential, sha256 }) => {
    const own = signed.find((s) => s.signature.statementSha256.equals(sha256));
    const enrolment = enrolments.find((s) => s.signature.statementSha256.equals(credential.enrolmentSha256));
    if (!own || !enrolment) throw new Error(`An approval of ${release.ref} or its enrolment has no signature.`);
    return { signed: own, enrolment, credential };
  });
}

async function trustOf(read: Reader, logOrigin: string): Promise<Contents["trust"]> {
  const rows = await read.select().from(portalKeys);
  const statement = rows.find((r) => r.purpose === "statement" && !r.retiredAt);
  const log = rows.find((r) => r.purpose === "log" && !r.retiredAt);
  if (!statement || !log) throw new Error("The portal has no keys.");
  const key = { origin: logOrigin, raw: ed25519Raw(log.spki) };
  return {
    statementKey: base64(statement.spki),
    logVkey: vkey(key),
    trustedRoot: trustedRoot({ origin: logOrigin, spki: log.spki, id: logId(key), since: log.createdAt.toISOString() }),
  };
}

const envelopeOf = ({ payload, signature }: Signed) => envelope(payload, signature.sig, signature.kid);

const loggedAs = (proof: LogProof): Logged => ({
  index: proof.index,
  leaf: base64(proof.leaf),
  hashes: proof.hashes.map(base64),
});

function personSignature(signed: Signed, proof: LogProof): PersonSignature & BundleApproval["signature"] {
  const { signature } = signed;
  const logged = loggedAs(proof);
  if (signature.kind === "dsse")
    return { kind: "software", note: "software key (demo)", envelope: envelopeOf(signed), logged };
  if (!signature.authenticatorData || !signature.clientDataJson)
    throw new Error(`The passkey signature ${signature.id} lacks its signed data.`);
  return {
    kind: "passkey",
    authenticatorData: base64(signature.authenticatorData),
    clientDataJson: base64(signature.clientDataJson),
    signature: base64(signature.sig),
    logged,
  };
}
