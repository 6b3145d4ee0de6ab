import { type Bytes, base64, utf8 } from "@/lib/signing/bytes";
import { p256Point } from "@/lib/signing/spki";

/**
 * The leaf of a signature: a Rekor v2 `hashedrekord 0.0.2` entry in JCS key order, byte for byte as cosign and
 * sigstore-go rebuild it from a bundle (signing.md section 4). `digest` is SHA-256 of what was signed; the key is ECDSA P-256.
 * Frozen for the life of a log origin.
 */
export function signatureLeaf(digest: Uint8Array, sig: Uint8Array, spki: Uint8Array): Bytes {
  p256Point(spki);
  return utf8(
    JSON.stringify({
      apiVersion: "0.0.2",
      kind: "hashedrekord",
      spec: {
        hashedRekordV002: {
          data: { algorithm: "SHA2_256", digest: base64(digest) },
          signature: {
            content: base64(sig),
            verifier: { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes: base64(spki) } },
          },
        },
      },
    }),
  );
}
