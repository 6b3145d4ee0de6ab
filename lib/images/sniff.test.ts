import { expect, test } from "vitest";
import { sniff } from "./sniff";

const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));
const padded = (text: string, length = 40) => Uint8Array.from(Buffer.concat([Buffer.from(text, "latin1")], length));

test.each([
  [
    "image/png",
    3,
    2,
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEUlEQVR4nGP4z8AARAxwCgAf7gP9JMsBPQAAAABJRU5ErkJggg==",
  ],
  ["image/gif", 3, 2, "R0lGODlhAwACAIAAAP8AAAAAACwAAAAAAwACAAACAoRRADs="],
  ["image/webp", 3, 2, "UklGRhwAAABXRUJQVlA4TBAAAAAvAkAAAAcQ/Y/+ByKi/wEAAAAA"],
])("%s by its bytes, with its sides", (type, width, height, base64) => {
  expect(sniff(bytes(base64))).toEqual({ type, width, height });
});

test("a JPEG's sides stand in its frame header, after as many segments as there are", () => {
  const segment = (marker: number, body: number[]) => [0xff, marker, 0, body.length + 2, ...body];
  const head = [0xff, 0xd8, ...segment(0xe0, [1, 2, 3, 4]), ...segment(0xdb, [9, 9]), 0xff];
  const frame = segment(0xc2, [8, 1, 44, 2, 88, 3, 1, 34, 0, 2, 17, 1]);
  expect(sniff(Uint8Array.from([...head, ...frame]))).toEqual({ type: "image/jpeg", width: 600, height: 300 });
  expect(sniff(Uint8Array.from([...head, 0xff, 0xda, ...new Array(20).fill(0)]))).toBeNull();
});

test("the lossy and extended forms of WebP", () => {
  const riff = (chunk: string, more: number[]) =>
    Uint8Array.from([...Buffer.from(`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0`, "latin1"), ...more, 0, 0, 0, 0, 0, 0]);
  expect(sniff(riff("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]))).toMatchObject({
    width: 320,
    height: 240,
  });
  expect(sniff(riff("VP8X", [0, 0, 0, 0, 0x3f, 1, 0, 0xef, 0, 0]))).toMatchObject({ width: 320, height: 240 });
});

test.each([
  ["nothing", new Uint8Array()],
  ["HTML", padded("<html><script>1</script>")],
  ["SVG", padded("<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>")],
  ["a PNG that ends after its name", padded("\x89PNG\r\n\x1a\n", 8)],
  ["a PNG without its first chunk", padded("\x89PNG\r\n\x1a\n")],
  ["a RIFF that is a sound", padded("RIFF....WAVE")],
  ["a JPEG of nothing but markers", padded("\xff\xd8\xff\xd0".padEnd(40, "\xff"))],
  ["a JPEG whose segment runs past its end", padded("\xff\xd8\xff\xe0\xff\xff")],
])("%s is no picture", (_what, file) => {
  expect(sniff(file)).toBeNull();
});
