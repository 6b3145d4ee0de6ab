// ECDSA signatures in DER (RFC 3279). An SSH mpint has the same minimal two's complement form as a DER integer.
/** The integers of a DER ECDSA signature, minimal big-endian; throws on anything that is not strict DER (raw r‖s among it). */
export function ecdsaIntegers(der: Uint8Array): { r: Uint8Array; s: Uint8Array } {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) throw new Error("The signature is not DER.");
  const r = integerAt(der, 2);
  const s = integerAt(der, 4 + r.length);
  if (6 + r.length + s.length !== der.length) throw new Error("The signature is not DER.");
  return { r, s };
}

function integerAt(der: Uint8Array, at: number): Uint8Array {
  const length = der[at + 1] ?? 0;
  const value = der.subarray(at + 2, at + 2 + length);
  const [first = 0, second = 0] = value;
  if (der[at] !== 2 || length === 0 || length > 33 || value.length !== length || first > 0x7f)
    throw new Error("The signature is not DER.");
  if (length > 1 && first === 0 && second <= 0x7f) throw new Error("The signature is not DER.");
  return value;
}
