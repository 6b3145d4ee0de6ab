import { logId, logKeyOf } from "@/lib/log/checkpoint";
import { parseHead, parseNote } from "@/lib/log/note";
import { fromBase64, fromUtf8, utf8 } from "@/lib/signing/bytes";
import { approvalNamespace } from "@/lib/signing/challenge";
import { parseStatement } from "@/lib/signing/dsse";
import { inTotoType, pae } from "@/lib/signing/pae";
import { assertionBundle } from "@/lib/signing/sigstore";
import { spkiPem } from "@/lib/signing/spki";
import { allowedSigner, armoredSignature } from "@/lib/signing/sshsig";
import { type Assertion, signedBytes } from "@/lib/signing/webauthn";
import { approvalPredicate, type Bundle, type BundleApproval, bundleSchema, type Logged } from "./format";

/** A file for tools that know nothing of Countersign. */
export type PartFile = { name: string; bytes: Uint8Array };

/**
 * A verified bundle's parts as files that ssh-keygen, openssl and cosign verify, with a README of the commands. Call it only
 * after `verifyBundle`: it trusts what it unpacks.
 */
export function filesOf(bytes: Uint8Array): PartFile[] {
  const bundle = bundleSchema.parse(JSON.parse(fromUtf8(bytes)));
  const file = (name: string, content: string | Uint8Array): PartFile => ({
    name,
    bytes: typeof content === "string" ? utf8(content) : content,
  });
  const passkeys = bundle.approvals.flatMap((approval, i) =>
    approval.signature.kind === "passkey" ? passkeyFiles(bundle, approval, i + 1, file) : [],
  );
  const signers = bundle.approvals.flatMap((a) => {
    const { rpId, spki } = a.credential;
    return rpId
      ? [
          `${allowedSigner({ identity: approverOf(a), namespace: approvalNamespace(bundle.portal.host), spki: fromBase64(spki), rpId })}\n`,
        ]
      : [];
  });
  return [
    file("portal.pem", spkiPem(fromBase64(bundle.trust.statementKey))),
    file("trusted_root.json", JSON.stringify(bundle.trust.trustedRoot)),
    file("checkpoint", bundle.checkpoint),
    file("request.json", fromBase64(bundle.request.envelope.payload)),
    file("answer.json", fromBase64(bundle.answer.envelope.payload)),
    file("answer.dsse.json", JSON.stringify(bundle.answer.envelope)),
    file("answer.sigstore.json", JSON.stringify(bundle.answer.sigstore)),
    file("allowed_signers", signers.join("")),
    ...passkeys,
    ...bundle.documents.map((d) => file(`document-${d.name.replaceAll(/[^\w.-]/g, "_")}`, fromBase64(d.bytes))),
    file("README.txt", readme(bundle)),
  ];
}

const approverOf = (a: BundleApproval): string =>
  approvalPredicate.parse(parseStatement(fromBase64(a.statement)).predicate).approver.id;

function passkeyFiles(
  bundle: Bundle,
  approval: BundleApproval,
  n: number,
  file: (name: string, content: string | Uint8Array) => PartFile,
): PartFile[] {
  const { signature, credential } = approval;
  if (signature.kind !== "passkey" || !credential.rpId || !credential.origin) return [];
  const spki = fromBase64(credential.spki);
  const assertion: Assertion = {
    authenticatorData: fromBase64(signature.authenticatorData),
    clientDataJson: fromBase64(signature.clientDataJson),
    signature: fromBase64(signature.signature),
  };
  const signer = {
    spki,
    rpId: credential.rpId,
    origin: credential.origin,
    namespace: approvalNamespace(bundle.portal.host),
  };
  return [
    file(`approval-${n}.json`, fromBase64(approval.statement)),
    file(`approval-${n}.pae`, pae(inTotoType, fromBase64(approval.statement))),
    file(`approval-${n}.sshsig`, armoredSignature(assertion, signer)),
    file(`approval-${n}.signed`, signedBytes(assertion)),
    file(`approval-${n}.sig`, assertion.signature),
    file(`approval-${n}.pem`, spkiPem(spki)),
    file(
      `approval-${n}.sigstore.json`,
      JSON.stringify(assertionBundle(assertion, spki, proofIn(bundle, signature.logged))),
    ),
  ];
}

function proofIn(bundle: Bundle, logged: Logged) {
  const { size, root } = parseHead(parseNote(bundle.checkpoint).text);
  return {
    logId: logId(logKeyOf(bundle.trust.logVkey)),
    index: logged.index,
    leaf: fromBase64(logged.leaf),
    size,
    root,
    hashes: logged.hashes.map(fromBase64),
    checkpoint: bundle.checkpoint,
  };
}

function readme(bundle: Bundle): string {
  const artefact = parseStatement(fromBase64(bundle.answer.envelope.payload)).subject[0]?.digest.sha256 ?? "";
  const approvals = bundle.approvals.flatMap((a, i) => {
    if (a.signature.kind !== "passkey") return [`# approval ${i + 1} was signed with a software key (demo)`];
    const n = `approval-${i + 1}`;
    return [
      `ssh-keygen -Y verify -f allowed_signers -I ${approverOf(a)} -n ${approvalNamespace(bundle.portal.host)} -s ${n}.sshsig < ${n}.pae`,
      `openssl dgst -sha256 -verify ${n}.pem -signature ${n}.sig ${n}.signed`,
      `cosign verify-blob --bundle ${n}.sigstore.json --key ${n}.pem --trusted-root trusted_root.json ${n}.signed`,
    ];
  });
  return `${bundle.release}: what other tools say about this bundle.
ssh-keygen does not check that the person was verified, nor the origin; countersign verify does.

${approvals.join("\n")}
cosign verify-blob-attestation --bundle answer.sigstore.json --key portal.pem --trusted-root trusted_root.json --type https://slsa.dev/verification_summary/v1 --digestAlg sha256 --digest ${artefact}
`;
}
