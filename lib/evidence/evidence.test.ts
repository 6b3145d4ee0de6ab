import { expect, test } from "vitest";
import { type EvidenceType, typeFault, UploadEvidence } from "./evidence";

const bytes = (text: string) => new TextEncoder().encode(text);

test.each<[EvidenceType, Uint8Array, boolean]>([
  ["application/pdf", bytes("%PDF-1.7\n"), true],
  ["application/pdf", bytes("<html><script>alert(1)</script>"), false],
  ["application/zip", bytes("PK\x03\x04rest"), true],
  ["image/png", new Uint8Array([0x89, 0x50, 0x4e, 0x47]), true],
  ["image/png", bytes("PNG"), false],
  ["image/jpeg", new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), true],
  ["application/json", bytes('{"auc": 0.91}'), true],
  ["application/json", bytes("{auc: 0.91}"), false],
  ["text/plain", bytes("drilled in 41 s"), true],
  ["text/plain", new Uint8Array([0xff, 0xfe, 0x00]), false],
  ["text/csv", new Uint8Array([0x61, 0x00, 0x62]), false],
])("declared %s, bytes agree: case %#", (type, content, fits) => {
  expect(typeFault(type, content) === null).toBe(fits);
});

test.each(["../../etc/passwd", "a\nb.txt", "", "x".repeat(201)])("the file name %j is refused", (name) => {
  const input = { sha256: "a".repeat(64), name, mediaType: "text/plain", size: 1 };
  expect(UploadEvidence.safeParse(input).success).toBe(false);
  expect(UploadEvidence.safeParse({ ...input, name: "drill report.pdf" }).success).toBe(true);
});

test("a wrong type is refused with what the bytes look like; a program is never kept", () => {
  expect(typeFault("application/pdf", bytes("<!doctype html><p>Sign in"))).toContain("but like a web page");
  expect(typeFault("image/png", bytes("%PDF-1.7"))).toContain("but like a PDF");
  expect(typeFault("text/plain", bytes("MZ\u0090 this program"))).toContain("Programs are not kept");
});
