import type { ImageType } from "./image";

/** What a picture's first bytes say of it; sides in pixels. */
export type Sniffed = { type: ImageType; width: number; height: number };

/**
 * Type and sides of a picture by its bytes alone, whatever it was called; null if it is none of PNG, JPEG, WebP and GIF.
 * Sources: PNG 3rd edition section 11.2.1; ITU T.81 annex B; RFC 9649; GIF89a sections 17 and 18.
 */
export function sniff(bytes: Uint8Array): Sniffed | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length >= 24 && text(0, 8) === "\x89PNG\r\n\x1a\n" && text(12, 16) === "IHDR")
    return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
  if (bytes.length >= 10 && /^GIF8[79]a$/.test(text(0, 6)))
    return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (bytes.length >= 30 && text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return webp(view, text(12, 16));
  if (bytes.length >= 4 && text(0, 3) === "\xff\xd8\xff") return jpeg(view);
  return null;
}

function webp(view: DataView, chunk: string): Sniffed | null {
  const type = "image/webp";
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === "VP8X") return { type, width: three(24) + 1, height: three(27) + 1 };
  if (chunk === "VP8 ")
    return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk !== "VP8L" || view.getUint8(20) !== 0x2f) return null;
  const bits = view.getUint32(21, true);
  return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Walks the segments up to the frame header; each says its own length. */
function jpeg(view: DataView): Sniffed | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    // Fill bytes, and markers that stand alone.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else if (marker === 0xd9 || marker === 0xda) return null;
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}
