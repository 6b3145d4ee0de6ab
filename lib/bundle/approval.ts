import { base64, fromBase64, hex } from "@/lib/signing/bytes";
import { approvalChallenge } from "@/lib/signing/challenge";
import { parseStatement, type Statement, verifyEnvelope } from "@/lib/signing/dsse";
import { fingerprint } from "@/lib/signing/fingerprint";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256 } from "@/lib/signing/sha256";
import { type Assertion, signedBytes, verifyAssertion } from "@/lib/signing/webauthn";
import { type Checks, type Head, inclusionFault } from "./checks";
import {
  approvalPredicate,
  type Bundle,
  type BundleApproval,
  type BundleCredential,
  encode,
  enrolmentPredicate,
  type PersonSignature,
  type predicateTypes,
  requestPredicate,
} from "./format";
import type { PinnedKeys } from "./keys";

/** What the other parts of the bundle say, for comparison. */
type Around = {
  bundle: Bundle;
  pinned: PinnedKeys;
  types: ReturnType<typeof predicateTypes>;
  head: Head | null;
  requestSha: string;
  request: Statement | null;
};

/** What a verified approval says. Times in milliseconds since 1970. */
export type Approved = { person: string; issuedAt: number; expiresAt: number };

/** Checks one approval: what it says, who signed it, since when the key was theirs. Null if it cannot be read. */
export function verifyApproval(
  name: string,
  approval: BundleApproval,
  around: Around,
  checks: Checks,
): Approved | null {
  let approved: Approved | null = null;
  checks.add(`${name}.statement`, "approves this request, artefact, policy and evidence", () => {
    const statement = parseStatement(fromBase64(approval.statement));
    const said = approvalPredicate.parse(statement.predicate);
    approved = { person: said.approver.id, issuedAt: Date.parse(said.issuedAt), expiresAt: Date.parse(said.expiresAt) };
    if (statement.predicateType !== around.types.approval) return `it is a ${statement.predicateType}`;
    if (said.decision !== "APPROVE") return `the decision is ${said.decision}`;
    if (!around.request) return "the request is not known";
    if (said.request.digest.sha256 !== around.requestSha) return "it approves another request";
    const asked = requestPredicate.parse(around.request.predicate);
    if (encode(statement.subject) !== encode(around.request.subject)) return "it approves another artefact";
    if (encode(said.release) !== encode(asked.release)) return "it approves another release";
    if (encode(said.gate) !== encode(asked.gate)) return "it approves under another policy";
    return encode(said.evidence) === encode(asked.evidence) ? null : "it approves other evidence";
  });
  checks.add(`${name}.credential`, approval.credential.kid, () => {
    const { kid, spki } = approval.credential;
    if (fingerprint(fromBase64(spki)) !== kid) return "the key is not the one that the fingerprint names";
    const { predicate } = parseStatement(fromBase64(approval.statement));
    return approvalPredicate.parse(predicate).approver.credential === kid ? null : "the statement names another key";
  });
  checks.add(`${name}.key`, approval.signature.kind === "passkey" ? "a passkey" : "a software key, as in a demo", () =>
    approval.signature.kind === "passkey" || around.pinned.softwareKeys
      ? null
      : "a software key, which counts in a demo only, and the pinned keys are not a demo's",
  );
  signatureChecks(name, approval.signature, approval.statement, approval.credential, around, checks);
  enrolmentChecks(`${name}.enrolment`, approval, around, checks);
  return approved;
}

function enrolmentChecks(name: string, approval: BundleApproval, around: Around, checks: Checks): void {
  const { enrolment, credential, signature } = approval;
  checks.add(`${name}.statement`, "this key is this person's", () => {
    const statement = parseStatement(fromBase64(enrolment.statement));
    if (statement.predicateType !== around.types.enrolment) return `it is a ${statement.predicateType}`;
    const key = enrolmentPredicate.parse(statement.predicate);
    const { approver } = approvalPredicate.parse(parseStatement(fromBase64(approval.statement)).predicate);
    if (key.person.id !== approver.id) return "the key was enrolled by another person";
    if (key.credential !== credential.kid || key.spki !== credential.spki) return "it enrols another key";
    if (key.kind !== signature.kind || key.kind !== enrolment.signature.kind) return `it enrols a ${key.kind} key`;
    if ((key.rpId ?? null) !== credential.rpId) return "the key was enrolled for another relying party";
    if ((key.backupEligible ?? null) !== credential.backupEligible) return "the key's backup state differs";
    const subject = hex(sha256(fromBase64(credential.spki)));
    return statement.subject[0]?.digest.sha256 === subject ? null : "its subject is another key";
  });
  signatureChecks(name, enrolment.signature, enrolment.statement, credential, around, checks);
  checks.add(`${name}.before`, "enrolled before it signed", () =>
    enrolment.signature.logged.index < signature.logged.index ? null : "the key was enrolled after it signed",
  );
}

/** The signature itself, by kind, and its place in the log. */
function signatureChecks(
  name: string,
  signature: PersonSignature,
  statement: string,
  credential: BundleCredential,
  around: Around,
  checks: Checks,
): void {
  if (signature.kind === "software") {
    checks.add(`${name}.signature`, signature.note, () => {
      const result = verifyEnvelope(signature.envelope, fromBase64(credential.spki));
      if (!result.ok) return result.why;
      return base64(result.payload) === statement ? null : "it signs another statement";
    });
    checks.add(`${name}.log`, `entry ${signature.logged.index}`, () =>
      inclusionFault(
        signature.logged,
        {
          data: pae(inTotoType, fromBase64(statement)),
          sig: fromBase64(signature.envelope.signatures[0].sig),
          spki: fromBase64(credential.spki),
        },
        around.head,
      ),
    );
    return;
  }
  let assertion: Assertion | null = null;
  checks.add(`${name}.assertion`, "readable", () => {
    assertion = {
      authenticatorData: fromBase64(signature.authenticatorData),
      clientDataJson: fromBase64(signature.clientDataJson),
      signature: fromBase64(signature.signature),
    };
    const { rpId, origin } = credential;
    if (!rpId || !origin) return "the credential names no relying party or origin";
    const digest = sha256(pae(inTotoType, fromBase64(statement)));
    const steps = verifyAssertion(assertion, {
      spki: fromBase64(credential.spki),
      rpId,
      origins: [origin],
      challenge: approvalChallenge(around.bundle.portal.host, digest),
      backupEligible: credential.backupEligible,
    });
    for (const step of steps) checks.list.push({ ...step, check: `${name}.${step.check}` });
    return null;
  });
  checks.add(`${name}.origin`, `${credential.origin} belongs to ${credential.rpId}`, () => {
    const host = new URL(credential.origin ?? "").hostname;
    return host === credential.rpId ? null : `${host} is not ${credential.rpId}`;
  });
  checks.add(`${name}.log`, `entry ${signature.logged.index}`, () => {
    if (!assertion) return "the assertion is not readable";
    const spki = fromBase64(credential.spki);
    return inclusionFault(
      signature.logged,
      { data: signedBytes(assertion), sig: fromBase64(signature.signature), spki },
      around.head,
    );
  });
}
