import { base64 } from "./bytes";
import type { Envelope } from "./dsse";
import { fingerprint } from "./fingerprint";
import { sha256 } from "./sha256";
import { type Assertion, signedBytes } from "./webauthn";

/** Where a signature's leaf stands in the log, under one checkpoint. */
export type LogProof = {
  /** Full 32-byte key hash of the log. */
  logId: Uint8Array;
  index: number;
  /** The leaf's exact bytes: a hashedrekord entry. */
  leaf: Uint8Array;
  size: number;
  root: Uint8Array;
  hashes: readonly Uint8Array[];
  checkpoint: string;
};

const mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

const tlogEntry = (proof: LogProof) => ({
  logIndex: String(proof.index),
  logId: { keyId: base64(proof.logId) },
  kindVersion: { kind: "hashedrekord", version: "0.0.2" },
  inclusionProof: {
    logIndex: String(proof.index),
    rootHash: base64(proof.root),
    treeSize: String(proof.size),
    hashes: proof.hashes.map(base64),
    checkpoint: { envelope: proof.checkpoint },
  },
  canonicalizedBody: base64(proof.leaf),
});

/** A Sigstore bundle v0.3 around a DSSE envelope, as `cosign verify-blob-attestation --bundle` reads it; with inclusion if a proof is given. */
export const sigstoreBundle = (signed: Envelope, proof: LogProof | null) => ({
  mediaType,
  verificationMaterial: {
    publicKey: { hint: signed.signatures[0].keyid },
    ...(proof ? { tlogEntries: [tlogEntry(proof)] } : {}),
  },
  dsseEnvelope: signed,
});

/** A passkey's assertion as a Sigstore bundle over the file `signedBytes(assertion)`, for `cosign verify-blob`. */
export const assertionBundle = (assertion: Assertion, spki: Uint8Array, proof: LogProof | null) => ({
  mediaType,
  verificationMaterial: {
    publicKey: { hint: fingerprint(spki) },
    ...(proof ? { tlogEntries: [tlogEntry(proof)] } : {}),
  },
  messageSignature: {
    messageDigest: { algorithm: "SHA2_256", digest: base64(sha256(signedBytes(assertion))) },
    signature: base64(assertion.signature),
  },
});

/** The portal's Sigstore trusted root: its log, and nothing else. `since`: RFC 3339. */
export const trustedRoot = (log: { origin: string; spki: Uint8Array; id: Uint8Array; since: string }) => ({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [
    {
      baseUrl: `https://${log.origin}`,
      hashAlgorithm: "SHA2_256",
      publicKey: { rawBytes: base64(log.spki), keyDetails: "PKIX_ED25519", validFor: { start: log.since } },
      logId: { keyId: base64(log.id) },
    },
  ],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
});
