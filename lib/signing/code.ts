/** The twelve digits that the signing page and the page before it both show, from SHA-256 of the PAE: "447 193 802 516". Runs in the browser. */
export function codeOf(paeSha256: Uint8Array): string {
  let n = 0n;
  for (const byte of paeSha256.subarray(0, 8)) n = (n << 8n) | BigInt(byte);
  const digits = (n % 1_000_000_000_000n).toString().padStart(12, "0");
  return digits.replace(/(\d{3})(?=\d)/g, "$1 ");
}

/** Bars of the print: nine pairs of top and height, each out of 8, from the bytes that the code does not use. */
export const printOf = (paeSha256: Uint8Array): { top: number; height: number }[] =>
  Array.from({ length: 9 }, (_, i) => {
    const byte = paeSha256[8 + i] ?? 0;
    const top = (byte >> 4) % 5;
    return { top, height: 3 + ((byte & 15) % (6 - top)) };
  });
