import { type Bytes, concat, uint32, utf8 } from "./bytes";

/** An SSH wire string (RFC 4251 section 5): length as uint32, then the bytes. */
export function sshString(value: string | Uint8Array): Bytes {
  const bytes = typeof value === "string" ? utf8(value) : value;
  return concat(uint32(bytes.length), bytes);
}

/** Namespace of approvals: separates them from everything else that a key may sign. `host` is the portal's host name, without port. */
export const approvalNamespace = (host: string): string => `approval@${host}`;

/**
 * The WebAuthn challenge of an approval: OpenSSH's "signed data" blob (PROTOCOL.sshsig) over SHA-256 of the PAE, so that
 * `ssh-keygen -Y verify` verifies the passkey's answer (signing.md section 2). Runs in the browser.
 */
export function approvalChallenge(host: string, paeSha256: Uint8Array): Bytes {
  if (paeSha256.length !== 32) throw new Error(`A SHA-256 digest has 32 bytes, not ${paeSha256.length}.`);
  return sshSignedData(approvalNamespace(host), paeSha256);
}

/** What an SSHSIG signature covers, for a message hashed with SHA-256. */
export const sshSignedData = (namespace: string, messageSha256: Uint8Array): Bytes =>
  concat(utf8("SSHSIG"), sshString(namespace), sshString(""), sshString("sha256"), sshString(messageSha256));
