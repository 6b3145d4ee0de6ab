import { type Bytes, concat, utf8 } from "./bytes";

/** Media type of every statement that Countersign signs (in-toto Statement v1). */
export const inTotoType = "application/vnd.in-toto+json";

/**
 * The bytes that a DSSE signature covers (DSSE v1.0.2, protocol.md): `DSSEv1 LEN(type) type LEN(body) body`, lengths in bytes.
 * Runs in the browser: the signing page computes it itself.
 */
export function pae(type: string, body: Uint8Array): Bytes {
  const t = utf8(type);
  return concat(utf8(`DSSEv1 ${t.length} `), t, utf8(` ${body.length} `), body);
}
