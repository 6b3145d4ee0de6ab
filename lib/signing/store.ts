import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { prepared, send } from "@/db/transact";
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
  await send(tx, keepStatement, statementValues(digest, statement));
  return digest;
}

/** A statement that the portal has signed and that is yet to be kept. */
export type SignedStatement = {
  statement: NewStatement;
  sha256: Buffer;
  envelope: Envelope;
  leaf: SignatureLeaf;
  kid: string;
  sig: Buffer;
};

/** Signs a statement with the portal's statement key. Pass `leaf` on in the command's `signatures`, and keep it with `keepSigned`. */
export function signStatement(statement: NewStatement): SignedStatement {
  const key = portalKeysInUse().statement;
  const digest = sha256(statement.payload);
  const signed = pae(inTotoType, statement.payload);
  const sig = key.sign(signed);
  const leaf: SignatureLeaf = {
    id: newId(),
    leaf: Buffer.from(signatureLeaf(sha256(signed), sig, key.spki)),
    summary: `signed ${digest.toString("hex").slice(0, 16)} with the portal's key`,
  };
  return { statement, sha256: digest, envelope: envelope(statement.payload, sig, key.kid), leaf, kid: key.kid, sig };
}

/** Keeps the statement and the signature, in one round trip. */
export async function keepSigned(
  tx: Tx,
  { statement, sha256: digest, leaf, kid, sig }: SignedStatement,
): Promise<void> {
  await send(tx, keepBoth, [...statementValues(digest, statement), newId(), kid, sig, leaf.id]);
}

/** Signs and keeps both at once, for a command that does not hurry. */
export async function signWithPortal(tx: Tx, statement: NewStatement): Promise<SignedStatement> {
  const signed = signStatement(statement);
  await keepSigned(tx, signed);
  return signed;
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

const inserts = `
  with s as (
    insert into statement (sha256, payload, payload_type, predicate_type, created_at)
    values ($1::bytea, $2::bytea, $3, $4, $5::timestamptz) on conflict do nothing
  ), x as (
    insert into statement_subject (statement_sha256, name, digest)
    select $1::bytea, n, d from unnest($6::text[], $7::text[]) as u(n, d) on conflict do nothing
  )`;
const keepStatement = prepared("statement_kept", `${inserts} select 1`);
const keepBoth = prepared(
  "statement_signed",
  `${inserts}
    insert into signature (id, statement_sha256, kind, kid, sig, log_entry_id, created_at)
    values ($8::uuid, $1::bytea, 'dsse', $9, $10::bytea, $11::uuid, $5::timestamptz)`,
);

const statementValues = (digest: Buffer, s: NewStatement): unknown[] => [
  digest,
  Buffer.from(s.payload),
  inTotoType,
  s.predicateType,
  s.now.toISOString(),
  s.subjects.map((x) => x.name),
  s.subjects.map((x) => x.digest),
];
