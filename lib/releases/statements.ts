import type { Role } from "@/lib/core/rights";
import type { Hosts } from "@/lib/signing/hosts";
import { sha256Hex } from "@/lib/signing/sha256";
import { type Built, build, nonce } from "@/lib/signing/statement";
import type { GateReason } from "./release";

/**
 * The statements of a release (signing.md section 1), as the exact bytes that are signed and kept. Every builder returns its
 * predicate type and subjects beside the bytes, ready for lib/signing/store.ts. Digests are SHA-256 hex.
 */
export const predicate = {
  request: (host: string) => `https://${host}/attestation/release-request/v1`,
  approval: (host: string) => `https://${host}/attestation/approval/v1`,
  receipt: (host: string) => `https://${host}/attestation/approval-receipt/v1`,
  denial: (host: string) => `https://${host}/attestation/release-denial/v1`,
  enrolment: (host: string) => `https://${host}/attestation/key-enrolment/v1`,
  summary: "https://slsa.dev/verification_summary/v1",
} as const;

/** Something an approver relies on: its digest, and one line that says what it said. */
export type Evidence = { name: string; digest: string; summary: string };

export type ReleaseFacts = {
  id: string;
  ref: string;
  model: string;
  version: string;
  environment: string;
  digest: string;
  policy: { id: string; version: number; digest: string };
};

const releaseOf = (r: ReleaseFacts) => ({ model: r.model, version: r.version, environment: r.environment });
const subjectOf = (r: ReleaseFacts) => ({ name: `${r.model}@${r.version}`, digest: r.digest });
export const policyUri = (hosts: Hosts, policy: ReleaseFacts["policy"]) =>
  `https://${hosts.name}/policies/${policy.id}/${policy.version}`;
export const requestUri = (hosts: Hosts, ref: string) => `https://${hosts.name}/releases/${ref}`;
export const breakGlassUri = (hosts: Hosts, ref: string) => `https://${hosts.name}/releases/break-glass/${ref}`;
const gateOf = (hosts: Hosts, { policy }: ReleaseFacts) => ({
  id: policy.id,
  policy: { uri: policyUri(hosts, policy), digest: { sha256: policy.digest } },
});
const evidenceOf = (evidence: readonly Evidence[]) =>
  evidence.map((e) => ({ name: e.name, digest: { sha256: e.digest }, summary: e.summary }));

/** What is asked for and by whom. The portal signs it on the requester's behalf; approvals name its digest, so a change shows. */
export function requestStatement(
  hosts: Hosts,
  release: ReleaseFacts,
  by: { requesterId: string; trainedById: string | null; note: string; requestedAt: Date },
  evidence: readonly Evidence[],
  conditions: readonly Condition[],
): Built {
  return build(predicate.request(hosts.name), [subjectOf(release)], {
    requestId: release.id,
    ref: release.ref,
    release: releaseOf(release),
    requester: { id: `user:${by.requesterId}` },
    ...(by.trainedById ? { trainer: { id: `user:${by.trainedById}` } } : {}),
    gate: gateOf(hosts, release),
    evidence: evidenceOf(evidence),
    conditions,
    note: by.note,
    requestedAt: by.requestedAt.toISOString(),
    nonce: nonce(),
  });
}

export type Condition = { text: string; dueOn: string; status: string };
export type LogContext = { origin: string; size: number; root: string };

export type ApprovalFacts = {
  approvalId: string;
  decision: "APPROVE" | "REJECT";
  reason: string;
  approver: { id: string; name: string; role: Role; roleName: string; kid: string };
  requestSha256: string;
  issuedAt: Date;
  expiresAt: Date;
  logContext: LogContext;
};

/** What the approver's own key signs, and nobody else's (signing.md section 1 (a)). */
export function approvalStatement(
  hosts: Hosts,
  release: ReleaseFacts,
  a: ApprovalFacts,
  evidence: readonly Evidence[],
  conditions: readonly Condition[],
): Built {
  return build(predicate.approval(hosts.name), [subjectOf(release)], {
    approvalId: a.approvalId,
    decision: a.decision,
    ...(a.reason ? { reason: a.reason } : {}),
    release: releaseOf(release),
    gate: gateOf(hosts, release),
    approver: {
      id: `user:${a.approver.id}`,
      name: a.approver.name,
      role: a.approver.role,
      roleName: a.approver.roleName,
      credential: a.approver.kid,
    },
    request: { uri: requestUri(hosts, release.ref), digest: { sha256: a.requestSha256 } },
    evidence: evidenceOf(evidence),
    conditions,
    issuedAt: a.issuedAt.toISOString(),
    expiresAt: a.expiresAt.toISOString(),
    logContext: a.logContext,
    nonce: nonce(),
  });
}

/** The portal's word that it checked a signature; never an approval itself (signing.md section 1 (b)). */
export function receiptStatement(
  hosts: Hosts,
  release: ReleaseFacts,
  r: {
    approvalId: string;
    approvalSha256: string;
    signatures: readonly { kind: string; kid: string; sha256: string }[];
    checks: readonly { check: string; ok: boolean; detail: string }[];
    enrolment: { sha256: string; leafIndex: number | null };
    receivedAt: Date;
  },
): Built {
  return build(predicate.receipt(hosts.name), [subjectOf(release), { name: "approval", digest: r.approvalSha256 }], {
    approvalId: r.approvalId,
    signatures: r.signatures.map((s) => ({ kind: s.kind, keyid: s.kid, digest: { sha256: s.sha256 } })),
    checks: r.checks,
    enrolment: { digest: { sha256: r.enrolment.sha256 }, leafIndex: r.enrolment.leafIndex },
    receivedAt: r.receivedAt.toISOString(),
  });
}

export type Asked = { model: string; version: string; digest: string; environment: string; nonce?: string | undefined };
const verifier = (hosts: Hosts) => ({
  id: `https://${hosts.name}/verifier/release-gate/v1`,
  version: { portal: portalVersion },
});
export const portalVersion = "0.1.0";

/** The environment is part of the resource, since verifiers of summaries compare nothing else that could hold it. */
export const resourceUri = (hosts: Hosts, asked: Asked) =>
  `https://${hosts.name}/models/${encodeURIComponent(asked.model)}/versions/${encodeURIComponent(asked.version)}?env=${asked.environment}`;

/** Allow: a SLSA verification summary over the artefact (signing.md section 1 (c)). `attestations` are all that counted. */
export function allowStatement(
  hosts: Hosts,
  asked: Asked,
  policy: ReleaseFacts["policy"],
  attestations: readonly { uri: string; sha256: string }[],
  at: Date,
  expiresAt: Date,
  brokenBy: { ref: string; until: Date } | null = null,
): Built {
  const level = brokenBy ? "PORTAL_RELEASE_BREAK_GLASS" : "PORTAL_RELEASE_APPROVED";
  return build(predicate.summary, [{ name: asked.model, digest: asked.digest }], {
    verifier: verifier(hosts),
    timeVerified: at.toISOString(),
    resourceUri: resourceUri(hosts, asked),
    policy: { uri: policyUri(hosts, policy), digest: { sha256: policy.digest } },
    inputAttestations: attestations.map((a) => ({ uri: a.uri, digest: { sha256: a.sha256 } })),
    verificationResult: "PASSED",
    // Whoever asks for an approved release does not find one where the gate was opened in an emergency.
    verifiedLevels: [`${level}_${asked.environment.toUpperCase()}`],
    slsaVersion: "1.2",
    [`https://${hosts.name}/predicate/release-decision/v1`]: {
      environment: asked.environment,
      decision: "allow",
      ...(brokenBy
        ? { breakGlass: { uri: breakGlassUri(hosts, brokenBy.ref), until: brokenBy.until.toISOString() } }
        : {}),
      // No two answers have the same bytes, even to the same question in the same millisecond.
      nonce: nonce(),
      expiresAt: expiresAt.toISOString(),
      ...(asked.nonce ? { requestNonce: asked.nonce } : {}),
    },
  });
}

/**
 * Deny: another predicate type over another subject, the question, never over the artefact. A verifier that looks only at
 * signature, type and digest can then not take it for an allow (signing.md section 0, point 6).
 */
export function denialStatement(
  hosts: Hosts,
  asked: Asked,
  policy: ReleaseFacts["policy"] | null,
  reasons: readonly GateReason[],
  at: Date,
  expiresAt: Date,
): Built {
  const question = Buffer.from(JSON.stringify([asked.model, asked.version, asked.digest, asked.environment]));
  return build(predicate.denial(hosts.name), [{ name: "question", digest: sha256Hex(question) }], {
    verifier: verifier(hosts),
    timeVerified: at.toISOString(),
    decision: "deny",
    asked: { model: asked.model, version: asked.version, environment: asked.environment, digest: asked.digest },
    ...(policy ? { policy: { uri: policyUri(hosts, policy), digest: { sha256: policy.digest } } } : {}),
    reasons: reasons.map((r) => ({ code: r.code, text: r.text })),
    nonce: nonce(),
    expiresAt: expiresAt.toISOString(),
    ...(asked.nonce ? { requestNonce: asked.nonce } : {}),
  });
}

/** A new key's own word about itself; the new key signs it (signing.md section 2, "Enrolment"). */
export function enrolmentStatement(
  hosts: Hosts,
  key: {
    credentialId: string;
    personId: string;
    personName: string;
    kind: "passkey" | "software";
    label: string;
    kid: string;
    spki: Buffer;
    rpId: string | null;
    aaguid: string | null;
    backupEligible: boolean | null;
    enrolledAt: Date;
  },
): Built {
  return build(predicate.enrolment(hosts.name), [{ name: key.kid, digest: sha256Hex(key.spki) }], {
    credentialId: key.credentialId,
    person: { id: `user:${key.personId}`, name: key.personName },
    kind: key.kind,
    label: key.label,
    credential: key.kid,
    spki: key.spki.toString("base64"),
    ...(key.rpId ? { rpId: key.rpId } : {}),
    ...(key.aaguid ? { aaguid: key.aaguid } : {}),
    ...(key.backupEligible === null ? {} : { backupEligible: key.backupEligible }),
    enrolledAt: key.enrolledAt.toISOString(),
    nonce: nonce(),
  });
}
