import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { SignatureLeaf } from "@/lib/core/entry";
import { newId } from "@/lib/core/ids";
import { signatureLeaf } from "@/lib/log/leaf";
import { type Envelope, envelope, verifyEs256 } from "./dsse";
import { portalKeysInUse } from "./keys";
import { inTotoType, pae } from "./pae";
import { sha256 } from "./sha256";
import { type Assertion, signedBytes } from "./webauthn";

/** Exact bytes of an in-toto statement, and what it is about. */
export type NewStatement = {
  payload: Uint8Array;
  predicateType: string;
  /** `digest`: SHA-256 in lower-case hex. */
  subjects: readonly { name: string; digest: string }[];
  now: Date;
};

/** Keeps a statement's exact bytes and the index of its subjects; the same bytes again change nothing. Returns their SHA-256. */
export async function storeStatement(tx: Tx, statement: NewStatement): Promise<Buffer> {
  const digest = sha256(statement.payload);
  await tx.execute(sql`${insertStatement(digest, statement)} select 1`);
  return digest;
}

/** Signs a statement with the portal's statement key and keeps both. Pass `leaf` on in the command's `signatures`. */
export async function signWithPortal(
  tx: Tx,
  statement: NewStatement,
): Promise<{ sha256: Buffer; envelope: Envelope; leaf: SignatureLeaf }> {
  const key = portalKeysInUse().statement;
  const digest = sha256(statement.payload);
  const signed = pae(inTotoType, statement.payload);
  const sig = key.sign(signed);
  const leaf: SignatureLeaf = {
    id: newId(),
    leaf: Buffer.from(signatureLeaf(sha256(signed), sig, key.spki)),
    summary: `signed ${digest.toString("hex").slice(0, 16)} with the portal's key`,
  };
  await tx.execute(
    sql`${insertStatement(digest, statement)} insert into signature (id, statement_sha256, kind, kid, sig, log_entry_id, created_at)
      values (${newId()}, ${digest}, 'dsse', ${key.kid}, ${sig}, ${leaf.id}, ${statement.now.toISOString()})`,
  );
  return { sha256: digest, envelope: envelope(statement.payload, sig, key.kid), leaf };
}

/** A person's key, as the credential table holds it. */
export type SigningCredential = { id: string; kid: string; spki: Buffer };

/**
 * Keeps a person's signature over a stored statement: a passkey's assertion, or the DER signature of a software key over the
 * PAE. Whether the assertion is an approval of this statement is for the caller to verify (`verifyAssertion`) and refuse;
 * a signature that is not by the credential's key never gets here, so it throws.
 */
export async function storePersonSignature(
  tx: Tx,
  given: {
    statementSha256: Buffer;
    payload: Uint8Array;
    credential: SigningCredential;
    now: Date;
  } & ({ assertion: Assertion; dsse?: never } | { dsse: Uint8Array; assertion?: never }),
): Promise<{ leaf: SignatureLeaf }> {
  const { credential, statementSha256 } = given;
  const signed = given.assertion ? signedBytes(given.assertion) : pae(inTotoType, given.payload);
  const sig = Buffer.from(given.assertion ? given.assertion.signature : given.dsse);
  const step = verifyEs256(credential.spki, signed, sig);
  if (!step.ok) throw new Error(`The signature by ${credential.kid} does not verify: ${step.why}.`);
  const leaf: SignatureLeaf = {
    id: newId(),
    leaf: Buffer.from(signatureLeaf(sha256(signed), sig, credential.spki)),
    summary: `signed ${statementSha256.toString("hex").slice(0, 16)} with ${given.assertion ? "a passkey" : "a software key (demo)"}`,
  };
  await tx.execute(
    sql`insert into signature (id, statement_sha256, kind, kid, credential_id, sig, authenticator_data, client_data_json, log_entry_id, created_at)
      values (${newId()}, ${statementSha256}, ${given.assertion ? "webauthn" : "dsse"}, ${credential.kid}, ${credential.id}, ${sig},
        ${given.assertion ? Buffer.from(given.assertion.authenticatorData) : null}, ${given.assertion ? Buffer.from(given.assertion.clientDataJson) : null},
        ${leaf.id}, ${given.now.toISOString()})`,
  );
  return { leaf };
}

/** One statement for all, since the gate pays for every round trip. */
function insertStatement(digest: Buffer, s: NewStatement) {
  const subjects = s.subjects.map((x) => sql`(${digest}::bytea, ${x.name}, ${x.digest})`);
  return sql`with s as (
      insert into statement (sha256, payload, payload_type, predicate_type, created_at)
      values (${digest}, ${Buffer.from(s.payload)}, ${inTotoType}, ${s.predicateType}, ${s.now.toISOString()})
      on conflict do nothing
    ), x as (
      insert into statement_subject (statement_sha256, name, digest) values ${sql.join(subjects, sql`, `)} on conflict do nothing
    )`;
}
