import { crc32 } from "node:zlib";
import type { ImageType } from "./image";
import { exifOf, orientationIn } from "./orientation";

/**
 * The picture without what a camera or a program wrote beside it: place, device, author, comments, previews, and whatever hangs on
 * behind its end. Pixels, colour profile, animation and the way it is turned stay, byte by byte. Null when it breaks off in the
 * middle of a part, so that what it holds cannot be told. Sources: as in sniff.ts; Exif 2.32 section 4.7.
 */
export function withoutMetadata(bytes: Uint8Array, type: ImageType): Buffer | null {
  const kept = strippers[type](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return kept && Buffer.concat(kept);
}

type Parts = Uint8Array[];

const strippers: Readonly<Record<ImageType, (b: Buffer) => Parts | null>> = {
  "image/png": png,
  "image/jpeg": jpeg,
  "image/webp": webp,
  "image/gif": gif,
};

/** Chunks that say how to draw; all others are notes. */
const pngKept = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split(" "),
);

function png(b: Buffer): Parts | null {
  const out: Parts = [b.subarray(0, 8)];
  for (let at = 8; at + 12 <= b.length; ) {
    const end = at + 12 + b.readUInt32BE(at);
    if (end > b.length) return null;
    const name = b.toString("latin1", at + 4, at + 8);
    const turned = name === "eXIf" ? orientationIn(b.subarray(at + 8, end - 4)) : 1;
    if (turned > 1) out.push(pngChunk("eXIf", exifOf(turned)));
    else if (pngKept.has(name)) out.push(b.subarray(at, end));
    if (name === "IEND") return out;
    at = end;
  }
  return null;
}

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(name, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

const exifMark = Buffer.from("Exif\0\0", "latin1");

/** Segments up to the end of the picture; what is coded between them has no length and ends at the next marker. */
function jpeg(b: Buffer): Parts | null {
  const out: Parts = [b.subarray(0, 2)];
  for (let at = 2; at + 1 < b.length; ) {
    if (b[at] !== 0xff) return null;
    const marker = b[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return [...out, b.subarray(at, at + 2)];
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (!alone && at + 4 > b.length) return null;
    const head = alone ? at + 2 : at + 2 + Math.max(2, b.readUInt16BE(at + 2));
    if (head > b.length) return null;
    const end = marker === 0xda ? codedUntil(b, head) : head;
    const body = alone ? b.subarray(head, head) : b.subarray(at + 4, head);
    const turned = marker === 0xe1 ? orientationIn(tiffIn(body)) : 1;
    if (turned > 1) out.push(Buffer.from([0xff, 0xe1, 0, 34]), exifMark, exifOf(turned));
    else if (marker === 0xe0 && startsWith(body, "JFIF\0") && body.length >= 14)
      out.push(Buffer.from([0xff, 0xe0, 0, 16]), body.subarray(0, 12), noPreview);
    else if (jpegKept(marker, body)) out.push(b.subarray(at, end));
    at = end;
  }
  // Cut off in the middle of its pixels: browsers draw what there is.
  return out.length > 1 ? out : null;
}

/** Width and height of JFIF's preview, which may show what was cut away. */
const noPreview = Buffer.from([0, 0]);

const startsWith = (body: Buffer, text: string): boolean => body.toString("latin1", 0, text.length) === text;

/** What stands behind Exif's mark; nothing where it is no Exif. */
const tiffIn = (body: Buffer): Uint8Array => (startsWith(body, "Exif\0\0") ? body.subarray(6) : Buffer.alloc(0));

/** The colour profile and Adobe's note of the colour model are needed to draw; other application segments and comments are not. */
function jpegKept(marker: number, body: Buffer): boolean {
  if (marker === 0xe2) return startsWith(body, "ICC_PROFILE\0");
  return marker === 0xee || (marker !== 0xfe && !(marker >= 0xe0 && marker <= 0xef));
}

/** Where coded pixels end: at the first marker that is neither a stuffed byte nor a restart. */
function codedUntil(b: Buffer, from: number): number {
  for (let at = b.indexOf(0xff, from); at !== -1 && at + 1 < b.length; at = b.indexOf(0xff, at + 1)) {
    const next = b[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return b.length;
}

const webpKept = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** Bits of the extended header that announce Exif and XMP (RFC 9649 section 2.7.1.1). */
const webpExif = 0x08;
const webpXmp = 0x04;

function webp(b: Buffer): Parts | null {
  const until = 8 + b.readUInt32LE(4);
  if (until > b.length) return null;
  const out: Buffer[] = [];
  let turned = 1;
  for (let at = 12; at + 8 <= until; ) {
    const size = b.readUInt32LE(at + 4);
    if (at + 8 + size > until) return null;
    const name = b.toString("latin1", at, at + 4);
    const data = b.subarray(at + 8, at + 8 + size);
    // Some programs put JPEG's mark before the block.
    if (name === "EXIF") turned = orientationIn(startsWith(data, "Exif\0\0") ? data.subarray(6) : data);
    if (webpKept.has(name)) out.push(riffChunk(name, data));
    at += 8 + size + (size % 2);
  }
  const extended = out.find((chunk) => chunk.toString("latin1", 0, 4) === "VP8X");
  if (extended && extended.length < 18) return null;
  if (extended) {
    if (turned > 1) out.push(riffChunk("EXIF", exifOf(turned)));
    extended[8] = ((extended[8] ?? 0) & ~(webpExif | webpXmp)) | (turned > 1 ? webpExif : 0);
  }
  if (out.length === 0) return null;
  const body = Buffer.concat([Buffer.from("WEBP", "latin1"), ...out]);
  const head = Buffer.alloc(8);
  head.write("RIFF", "latin1");
  head.writeUInt32LE(body.length, 4);
  return [head, body];
}

function riffChunk(name: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(name, "latin1");
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

/** How often it is shown stands in one of these; other application blocks hold XMP and the like. */
const gifLoops = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]);

function gif(b: Buffer): Parts | null {
  const colours = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
  if (b.length < 13) return null;
  let at = 13 + colours(b[10] ?? 0);
  const out: Parts = [b.subarray(0, at)];
  while (at < b.length) {
    const from = at;
    const [kind, label] = [b[at], b[at + 1]];
    if (kind === 0x3b) return [...out, b.subarray(at, at + 1)];
    if (kind === 0x2c && at + 10 < b.length) at += 11 + colours(b[at + 9] ?? 0);
    else if (kind === 0x21) at += 2;
    else return null;
    const said = b.toString("latin1", at + 1, at + 12);
    for (let size = b[at]; ; size = b[at]) {
      if (size === undefined) return null;
      at += 1 + size;
      if (size === 0) break;
    }
    if (kind === 0x2c || label === 0xf9 || (label === 0xff && gifLoops.has(said))) out.push(b.subarray(from, at));
  }
  return null;
}
