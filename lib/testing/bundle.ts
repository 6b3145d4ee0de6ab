import { generateKeyPairSync, sign } from "node:crypto";
import { bundleFormat, type Contents, encode, type Logged, type PersonSignature } from "@/lib/bundle/format";
import type { PinnedKeys } from "@/lib/bundle/keys";
import { sealStatement } from "@/lib/bundle/seal";
import { type LogKey, logId, signCheckpoint, vkey } from "@/lib/log/checkpoint";
import { signatureLeaf } from "@/lib/log/leaf";
import { inclusionRanges, leafHash } from "@/lib/log/merkle";
import { rangeHash, rootOfEntries } from "@/lib/log/tree";
import { base64, fromBase64, utf8 } from "@/lib/signing/bytes";
import { approvalChallenge } from "@/lib/signing/challenge";
import { type Envelope, envelope } from "@/lib/signing/dsse";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256, sha256Hex } from "@/lib/signing/sha256";
import { sigstoreBundle, trustedRoot } from "@/lib/signing/sigstore";
import { ed25519Raw } from "@/lib/signing/spki";
import { type Assertion, signedBytes } from "@/lib/signing/webauthn";
import { type Oddity, testAuthenticator } from "./authenticator";
import { testSoftwareKey } from "./keys";

/** What a test wants to be different from an honest release. Each hook may edit the predicate before it is signed. */
export type Odd = Partial<{
  request: (predicate: Record<string, unknown>) => void;
  approval: (predicate: Record<string, unknown>) => void;
  enrolment: (predicate: Record<string, unknown>) => void;
  answer: (predicate: Record<string, unknown>) => void;
  answerType: string;
  /** SHA-256 of the artefact that the answer, or the passkey's approval, is about. */
  answerSubject: string;
  approvalSubject: string;
  approvalType: string;
  assertion: Oddity;
  enrolmentAssertion: Oddity;
  /** The log's key signs the tree of these leaves, in place of those that the proofs lead to. */
  tree: (leaves: Uint8Array[]) => Uint8Array[];
  enrolAfter: boolean;
  /** Edits the bundle before it is sealed, as an operator could who holds the portal's key. */
  contents: (contents: Contents) => void;
}>;

const host = "portal.test";
const digest = "9f".repeat(32);

/** A whole release with a passkey approval and a software-key approval, sealed; made without any database. */
export function testBundle(odd: Odd = {}): {
  bytes: Uint8Array;
  pinned: PinnedKeys;
  passkey: ReturnType<typeof testAuthenticator>;
} {
  const portal = testSoftwareKey();
  const ed = generateKeyPairSync("ed25519");
  const logSpki = ed.publicKey.export({ format: "der", type: "spki" });
  const log: LogKey = { origin: `log.${host}`, raw: ed25519Raw(logSpki) };
  const passkey = testAuthenticator();
  const soft = testSoftwareKey();
  const leaves: Uint8Array[] = [utf8("first"), utf8("second")];
  const append = (signed: Uint8Array, sig: Uint8Array, spki: Uint8Array): number =>
    leaves.push(signatureLeaf(sha256(signed), sig, spki)) - 1;
  const statement = (
    subject: [string, string],
    predicateType: string,
    predicate: Record<string, unknown>,
  ): Uint8Array =>
    utf8(
      JSON.stringify({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: subject[0], digest: { sha256: subject[1] } }],
        predicateType,
        predicate,
      }),
    );

  const byPortal = (payload: Uint8Array): { envelope: Envelope; index: number } => {
    const sig = portal.sign(payload);
    return { envelope: envelope(payload, sig, portal.kid), index: append(pae(inTotoType, payload), sig, portal.spki) };
  };
  type Unlogged = { index: number } & (
    | { kind: "passkey"; assertion: Assertion }
    | { kind: "software"; envelope: Envelope }
  );
  const byPasskey = (payload: Uint8Array, how: Oddity = {}): Unlogged => {
    const assertion = passkey.answer(approvalChallenge(host, sha256(pae(inTotoType, payload))), how);
    return { kind: "passkey", assertion, index: append(signedBytes(assertion), assertion.signature, passkey.spki) };
  };
  const bySoft = (payload: Uint8Array): Unlogged => {
    const sig = soft.sign(payload);
    return {
      kind: "software",
      envelope: envelope(payload, sig, soft.kid),
      index: append(pae(inTotoType, payload), sig, soft.spki),
    };
  };

  const documents = ["readiness", "board-decision", "policy"].map((name) => {
    const bytes = utf8(`The ${name} document.\n`);
    return { name, digest: sha256Hex(bytes), bytes: base64(bytes) };
  });
  const evidence = documents.slice(0, 2).map((d) => ({ name: d.name, digest: { sha256: d.digest }, summary: d.name }));
  const policy = { uri: `https://${host}/policies/prod-release/7`, digest: { sha256: documents[2]?.digest ?? "" } };
  const release = { model: "card-fraud-score", version: "14", environment: "prod" };
  const requestSaid: Record<string, unknown> = {
    ref: "REL-0412",
    release,
    requester: { id: "user:owner" },
    gate: { id: "prod-release", policy },
    evidence,
    nonce: "00",
  };
  odd.request?.(requestSaid);
  const requestPayload = statement(
    ["card-fraud-score@14", digest],
    `https://${host}/attestation/release-request/v1`,
    requestSaid,
  );

  const enrol = (person: string, kind: "passkey" | "software", key: { kid: string; spki: Uint8Array }) => {
    const said: Record<string, unknown> = {
      person: { id: person },
      kind,
      credential: key.kid,
      spki: base64(key.spki),
      ...(kind === "passkey" ? { rpId: passkey.rpId, backupEligible: false } : {}),
    };
    if (kind === "passkey") odd.enrolment?.(said);
    return statement([key.kid, sha256Hex(key.spki)], `https://${host}/attestation/key-enrolment/v1`, said);
  };
  const approve = (person: string, role: string, kid: string, how: Odd) => {
    const said: Record<string, unknown> = {
      decision: "APPROVE",
      release,
      gate: { id: "prod-release", policy },
      approver: { id: person, role, credential: kid },
      request: { uri: `https://${host}/releases/REL-0412`, digest: { sha256: sha256Hex(requestPayload) } },
      evidence,
      issuedAt: "2026-11-20T11:00:00.000Z",
      expiresAt: "2026-12-20T11:00:00.000Z",
      nonce: "01",
    };
    how.approval?.(said);
    const type = how.approvalType ?? `https://${host}/attestation/approval/v1`;
    return statement(["card-fraud-score@14", how.approvalSubject ?? digest], type, said);
  };
  const passkeyEnrolment = enrol("user:security", "passkey", passkey);
  const softEnrolment = enrol("user:board", "software", soft);
  const passkeyApproval = approve("user:security", "security", passkey.kid, odd);
  const softApproval = approve("user:board", "board_chair", soft.kid, {});

  const early = odd.enrolAfter ? null : byPasskey(passkeyEnrolment, odd.enrolmentAssertion);
  const enrolled2 = bySoft(softEnrolment);
  const request = byPortal(requestPayload);
  const signed1 = byPasskey(passkeyApproval, odd.assertion);
  const enrolled1 = early ?? byPasskey(passkeyEnrolment, odd.enrolmentAssertion);
  const signed2 = bySoft(softApproval);
  const answerSaid: Record<string, unknown> = {
    verifier: { id: `https://${host}/verifier/release-gate/v1` },
    timeVerified: "2026-11-20T12:00:00.000Z",
    resourceUri: `https://${host}/models/card-fraud-score/versions/14?env=prod`,
    policy,
    inputAttestations: [requestPayload, passkeyApproval, softApproval].map((p) => ({
      uri: "x",
      digest: { sha256: sha256Hex(p) },
    })),
    verificationResult: "PASSED",
  };
  odd.answer?.(answerSaid);
  const answer = byPortal(
    statement(
      ["card-fraud-score", odd.answerSubject ?? digest],
      odd.answerType ?? "https://slsa.dev/verification_summary/v1",
      answerSaid,
    ),
  );
  leaves.push(utf8("after"), utf8("last"));

  const { size, root } = rootOfEntries(leaves);
  const head = odd.tree ? rootOfEntries(odd.tree([...leaves])) : { size, root };
  const checkpoint = signCheckpoint({ origin: log.origin, ...head }, log, ed.privateKey);
  const hashes = leaves.map(leafHash);
  const logged = (index: number): Logged => ({
    index,
    leaf: base64(leaves[index] ?? new Uint8Array(0)),
    hashes: inclusionRanges(index, size).map((range) => base64(rangeHash(range, ({ n }) => hashes[n] ?? root))),
  });
  const person = (s: Unlogged): PersonSignature =>
    s.kind === "software"
      ? { kind: "software", note: "software key (demo)", envelope: s.envelope, logged: logged(s.index) }
      : {
          kind: "passkey",
          authenticatorData: base64(s.assertion.authenticatorData),
          clientDataJson: base64(s.assertion.clientDataJson),
          signature: base64(s.assertion.signature),
          logged: logged(s.index),
        };
  const proof = logged(answer.index);
  const contents: Contents = {
    format: bundleFormat,
    release: "REL-0412",
    exportedAt: "2026-11-21T00:00:00.000Z",
    portal: { host, logOrigin: log.origin },
    trust: {
      statementKey: base64(portal.spki),
      logVkey: vkey(log),
      trustedRoot: trustedRoot({ origin: log.origin, spki: logSpki, id: logId(log), since: "2026-01-01T00:00:00Z" }),
    },
    checkpoint,
    request: { envelope: request.envelope, logged: logged(request.index) },
    approvals: [
      {
        statement: base64(passkeyApproval),
        signature: person(signed1),
        credential: {
          kid: passkey.kid,
          spki: base64(passkey.spki),
          rpId: passkey.rpId,
          origin: passkey.origin,
          backupEligible: false,
        },
        enrolment: { statement: base64(passkeyEnrolment), signature: person(enrolled1) },
      },
      {
        statement: base64(softApproval),
        signature: person(signed2),
        credential: { kid: soft.kid, spki: base64(soft.spki), rpId: null, origin: null, backupEligible: null },
        enrolment: { statement: base64(softEnrolment), signature: person(enrolled2) },
      },
    ],
    documents,
    answer: {
      envelope: answer.envelope,
      logged: proof,
      sigstore: sigstoreBundle(answer.envelope, {
        logId: logId(log),
        index: answer.index,
        leaf: fromBase64(proof.leaf),
        size,
        root,
        hashes: proof.hashes.map(fromBase64),
        checkpoint,
      }),
    },
  };
  odd.contents?.(contents);
  const { payload } = sealStatement(contents, "00");
  const seal = envelope(payload, sign("sha256", pae(inTotoType, payload), portal.privateKey), portal.kid);
  const pinned = { statementSpki: portal.spki, log, softwareKeys: true };
  return { bytes: utf8(encode({ ...contents, seal })), pinned, passkey };
}
