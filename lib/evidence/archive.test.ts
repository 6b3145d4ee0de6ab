import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { archiveFault, archiveLimits, entriesOf } from "./archive";

const text = new TextEncoder();
const zip = (files: Record<string, Uint8Array>) => zipSync(files, { level: 9 });

test("an ordinary archive is kept", () => {
  const bytes = zip({ "report.txt": text.encode("Drilled in 41 s."), "figures/auc.csv": text.encode("auc\n0.91\n") });
  expect(entriesOf(bytes)?.map((e) => e.name)).toEqual(["report.txt", "figures/auc.csv"]);
  expect(archiveFault(bytes)).toBeNull();
});

test("a bomb, an archive within an archive, too many files and a cut-off one are refused in words", () => {
  const bomb = zip({ "zeros.bin": new Uint8Array(60 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(archiveFault(bomb)).toMatch(/unpacks to far more/);
  expect(archiveFault(zip({ "inner.zip": zip({ a: text.encode("a") }) }))).toMatch(/another archive/);
  const many = Object.fromEntries(
    Array.from({ length: archiveLimits.entries + 1 }, (_, i) => [`f${i}`, new Uint8Array()]),
  );
  expect(archiveFault(zip(many))).toMatch(/2001 files/);
  expect(archiveFault(zip({ a: text.encode("a") }).subarray(0, 40))).toMatch(/cannot be read/);
  expect(archiveFault(text.encode("PK\x03\x04rest"))).toMatch(/cannot be read/);
});

test("an archive whose directory lies about its size is found out by unpacking", () => {
  const bytes = zip({ "zeros.bin": new Uint8Array(60 * 1024 * 1024) });
  const lying = bytes.slice();
  const view = new DataView(lying.buffer);
  for (let at = 0; at < lying.length - 46; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1000, true);
  expect(entriesOf(lying)?.[0]?.unpacked).toBe(1000);
  expect(archiveFault(lying)).toMatch(/unpacks to far more/);
});

test("an archive locked by a password is refused", () => {
  const bytes = zip({ "a.txt": text.encode("secret") }).slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length - 46; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 8, 1, true);
  expect(archiveFault(bytes)).toMatch(/locked by a password/);
});
