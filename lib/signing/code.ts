/** The twelve digits that the signing page and the page before it both show, from SHA-256 of the PAE: "447 193 802 516". Runs in the browser. */
export function codeOf(paeSha256: Uint8Array): string {
  let n = 0n;
  for (const byte of paeSha256.subarray(0, 8)) n = (n << 8n) | BigInt(byte);
  const digits = (n % 1_000_000_000_000n).toString().padStart(12, "0");
  return digits.replace(/(\d{3})(?=\d)/g, "$1 ");
}
