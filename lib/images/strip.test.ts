import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ImageType, imageTypes } from "./image";
import { exifOf, orientationIn } from "./orientation";
import { withoutMetadata } from "./strip";

const latin = (text: string) => Buffer.from(text, "latin1");
const secret = "52.2297 N 21.0122 E, Priya's phone";

const chunk = (name: string, data: Uint8Array) => {
  const named = Buffer.concat([latin(name), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, check]);
};
const segment = (marker: number, body: Uint8Array) =>
  Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
const riff = (name: string, data: Uint8Array) => {
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};
const webp = (...chunks: Buffer[]) => riff("RIFF", Buffer.concat([latin("WEBP"), ...chunks]));
const blocks = (text: string) => Buffer.concat([Buffer.from([text.length]), latin(text), Buffer.from([0])]);

/** As a camera writes it: the tag that turns among others that tell. */
function camera(orientation: number): Buffer {
  const text = latin(`${secret}\0`);
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 2, 0]);
  const entry = (tag: number, type: number, count: number, value: number) => {
    const e = Buffer.alloc(12);
    e.writeUInt16LE(tag, 0);
    e.writeUInt16LE(type, 2);
    e.writeUInt32LE(count, 4);
    e.writeUInt32LE(value, 8);
    return e;
  };
  return Buffer.concat([
    head,
    entry(0x010f, 2, text.length, 38),
    entry(0x0112, 3, 1, orientation),
    Buffer.alloc(4),
    text,
  ]);
}

const pngHead = latin("\x89PNG\r\n\x1a\n");
const pixels = latin("pixels");
const gifHead = Buffer.concat([latin("GIF89a"), Buffer.from([3, 0, 2, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0])]);
const gifFrame = Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2, 2, 0x84, 0x51, 0])]);
const coded = Buffer.from([0xff, 0xda, 0, 3, 1, 7, 0xff, 0x00, 8, 0xff, 0xd0, 9]);
const jfif = (preview: number[]) =>
  segment(0xe0, Buffer.concat([latin("JFIF\0"), Buffer.from([1, 2, 0, 0, 1, 0, 1, ...preview])]));
const profile = segment(0xe2, latin("ICC_PROFILE\0\x01\x01colours"));
const vp8x = (flags: number) => riff("VP8X", Buffer.from([flags, 0, 0, 0, 2, 0, 0, 1, 0, 0]));
const turnedTo = (n: number) => segment(0xe1, Buffer.concat([latin("Exif\0\0"), exifOf(n)]));
const end = Buffer.from([0xff, 0xd9]);

const cases: readonly [ImageType, string, Buffer, Buffer][] = [
  [
    "image/png",
    "notes, time and what hangs on behind",
    Buffer.concat([
      pngHead,
      chunk("IHDR", latin("head")),
      chunk("tEXt", latin(secret)),
      chunk("eXIf", camera(1)),
      chunk("iCCP", latin("colours")),
      chunk("IDAT", pixels),
      chunk("tIME", latin("1234567")),
      chunk("IEND", latin("")),
      latin(secret),
    ]),
    Buffer.concat([
      pngHead,
      chunk("IHDR", latin("head")),
      chunk("iCCP", latin("colours")),
      chunk("IDAT", pixels),
      chunk("IEND", latin("")),
    ]),
  ],
  [
    "image/png",
    "the way it is turned",
    Buffer.concat([pngHead, chunk("eXIf", camera(6)), chunk("IDAT", pixels), chunk("IEND", latin(""))]),
    Buffer.concat([pngHead, chunk("eXIf", exifOf(6)), chunk("IDAT", pixels), chunk("IEND", latin(""))]),
  ],
  [
    "image/jpeg",
    "Exif, XMP, previews and comments, also between two scans",
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      jfif([1, 1, 9, 9, 9]),
      segment(0xe1, Buffer.concat([latin("Exif\0\0"), camera(8)])),
      segment(0xe1, latin(`http://ns.adobe.com/xap/1.0/\0${secret}`)),
      profile,
      segment(0xe2, latin(`MPF\0${secret}`)),
      segment(0xed, latin(secret)),
      segment(0xc2, latin("frame")),
      coded,
      segment(0xfe, latin(secret)),
      segment(0xc4, latin("table")),
      coded,
      end,
      latin(secret),
    ]),
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      jfif([0, 0]),
      turnedTo(8),
      profile,
      segment(0xc2, latin("frame")),
      coded,
      segment(0xc4, latin("table")),
      coded,
      end,
    ]),
  ],
  [
    "image/webp",
    "Exif and XMP, and that they were announced",
    webp(
      vp8x(0x0c),
      riff("VP8L", pixels),
      riff("EXIF", camera(1)),
      riff("XMP ", latin(secret)),
      riff("note", latin(secret)),
    ),
    webp(vp8x(0), riff("VP8L", pixels)),
  ],
  [
    "image/webp",
    "the way it is turned",
    webp(vp8x(0x0c), riff("VP8L", pixels), riff("EXIF", Buffer.concat([latin("Exif\0\0"), camera(3)]))),
    webp(vp8x(0x08), riff("VP8L", pixels), riff("EXIF", exifOf(3))),
  ],
  [
    "image/gif",
    "comments and XMP; how often it is shown stays",
    Buffer.concat([
      gifHead,
      Buffer.from([0x21, 0xff]),
      latin("\x0bNETSCAPE2.0\x03\x01\0\0\0"),
      Buffer.from([0x21, 0xfe]),
      blocks(secret),
      Buffer.from([0x21, 0xff]),
      latin("\x0bXMP DataXMP"),
      blocks(secret),
      gifFrame,
      Buffer.from([0x3b]),
      latin(secret),
    ]),
    Buffer.concat([
      gifHead,
      Buffer.from([0x21, 0xff]),
      latin("\x0bNETSCAPE2.0\x03\x01\0\0\0"),
      gifFrame,
      Buffer.from([0x3b]),
    ]),
  ],
];

test.each(cases)("%s: %s", (type, _what, given, kept) => {
  expect(withoutMetadata(given, type)?.toString("latin1")).toBe(kept.toString("latin1"));
  expect(withoutMetadata(kept, type)?.equals(kept)).toBe(true);
});

test.each(cases.filter(([type]) => type !== "image/jpeg"))(
  "%s cut off anywhere inside is refused (%s)",
  (type, _what, given) => {
    const whole = withoutMetadata(given, type);
    for (let length = type === "image/webp" ? 30 : 13; length < given.length; length++) {
      const cut = withoutMetadata(given.subarray(0, length), type);
      // What hangs on behind the end may be lost.
      if (cut) expect(cut.equals(whole ?? Buffer.alloc(0))).toBe(true);
    }
  },
);

test("whatever follows a picture's first bytes, nothing is thrown, nothing tells more, and a second time changes nothing", () => {
  const heads: Record<ImageType, Buffer> = {
    "image/png": pngHead,
    "image/jpeg": Buffer.from([0xff, 0xd8, 0xff]),
    "image/webp": latin("RIFF\0\0\0\0WEBP"),
    "image/gif": latin("GIF89a"),
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...imageTypes),
      fc.array(
        fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(...cases.map(([, , given]) => given.subarray(13)))),
      ),
      (type, parts) => {
        const given = Buffer.concat([heads[type], ...parts, Buffer.alloc(24)]);
        if (type === "image/webp") given.writeUInt32LE(given.length - 8, 4);
        const once = withoutMetadata(given, type);
        if (once === null) return;
        expect(withoutMetadata(once, type)?.equals(once)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test("a tag that turns is believed from 1 to 8 only, and a directory that points nowhere says nothing", () => {
  for (let n = 1; n <= 8; n++) expect([orientationIn(camera(n)), orientationIn(exifOf(n))]).toEqual([n, n]);
  expect(orientationIn(camera(9))).toBe(1);
  expect(orientationIn(Buffer.from([0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]))).toBe(1);
  expect(orientationIn(Buffer.alloc(3))).toBe(1);
});
