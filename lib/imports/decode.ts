import { Refusal } from "@/lib/core/refusal";

/** The text of an uploaded file and how it was written. */
export type Decoded = { text: string; encoding: "UTF-8" | "UTF-8 with BOM" | "UTF-16 LE" | "UTF-16 BE" };

/**
 * Reads the text of a CSV file: UTF-8 with or without a byte order mark, or UTF-16 with one or recognised by its zero bytes.
 * Anything else is refused with the place of the first byte that does not fit and how to save the file instead.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { text: utf8(bytes.subarray(3), 3), encoding: "UTF-8 with BOM" };
  if (a === 0xff && b === 0xfe) return { text: utf16(bytes.subarray(2), "utf-16le"), encoding: "UTF-16 LE" };
  if (a === 0xfe && b === 0xff) return { text: utf16(bytes.subarray(2), "utf-16be"), encoding: "UTF-16 BE" };
  // Latin letters in UTF-16 have a zero byte each, on one side.
  const sample = bytes.subarray(0, 200);
  const zeros = [0, 0];
  for (const [i, byte] of sample.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const half = sample.length / 2;
  if (half >= 2 && (zeros[1] ?? 0) > half * 0.7) return { text: utf16(bytes, "utf-16le"), encoding: "UTF-16 LE" };
  if (half >= 2 && (zeros[0] ?? 0) > half * 0.7) return { text: utf16(bytes, "utf-16be"), encoding: "UTF-16 BE" };
  return { text: utf8(bytes, 0), encoding: "UTF-8" };
}

function utf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw wrong("The file begins like UTF-16, but its bytes are not.", cause);
  }
}

function utf8(bytes: Uint8Array, skipped: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const at = firstBad(bytes);
    const line = bytes.subarray(0, at).reduce((n, byte) => (byte === 10 ? n + 1 : n), 1);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0");
    throw wrong(`Line ${line} has a byte that is not UTF-8: ${byte} at place ${at + skipped}.`, cause);
  }
}

/** Index of the first byte that no UTF-8 text has there. */
function firstBad(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0;
    const length =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead < 0xe0
          ? 2
          : lead >= 0xe0 && lead < 0xf0
            ? 3
            : lead >= 0xf0 && lead < 0xf5
              ? 4
              : 0;
    if (length === 0) return i;
    for (let k = 1; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return i;
    i += length;
  }
  return bytes.length;
}

const wrong = (what: string, cause: unknown): Refusal =>
  new Refusal(
    "unsupported",
    `${what} Save the file as "CSV UTF-8" and upload it again.`,
    [{ field: "file", message: "Not UTF-8 or UTF-16." }],
    { cause },
  );
