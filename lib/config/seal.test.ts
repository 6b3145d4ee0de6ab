import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { keyFile } from "./key-file";
import { sealer } from "./seal";

const dirs: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-key-"));
  dirs.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true });
});

const box = sealer(randomBytes(32));

test.each(["", "dapi-0123456789", "pässword ✓ with\nlines"])("%j comes back as it was", (plain) => {
  expect(box.unseal(box.seal(plain, "connection:1"), "connection:1")).toBe(plain);
});

test("the same secret never looks the same twice", () => {
  expect(box.seal("x", "c")).not.toEqual(box.seal("x", "c"));
});

test("a changed byte anywhere is refused", () => {
  const sealed = box.seal("secret", "c");
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i] = (changed[i] ?? 0) ^ 1;
    expect(() => box.unseal(changed, "c"), `byte ${i}`).toThrow();
  }
});

test("bytes moved to another connection, cut short, or under another key are refused", () => {
  const sealed = box.seal("secret", "connection:1");
  expect(() => box.unseal(sealed, "connection:2")).toThrow();
  expect(() => box.unseal(sealed.subarray(0, 20), "connection:1")).toThrow(/not sealed bytes/);
  expect(() => sealer(randomBytes(32)).unseal(sealed, "connection:1")).toThrow(/another ENCRYPTION_KEY/);
});

test("a key file is made once, for the owner only, and read after that", () => {
  const dir = folder();
  const key = keyFile(dir, "encryption.key");
  expect(key).toHaveLength(32);
  expect(keyFile(dir, "encryption.key")).toEqual(key);
  expect(statSync(path.join(dir, "keys/encryption.key")).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(dir, "keys")).mode & 0o777).toBe(0o700);
  expect(readdirSync(path.join(dir, "keys"))).toEqual(["encryption.key"]);
});

test("a damaged key file is an error, never silently replaced", () => {
  const dir = folder();
  keyFile(dir, "encryption.key");
  writeFileSync(path.join(dir, "keys/encryption.key"), "gone");
  expect(() => keyFile(dir, "encryption.key")).toThrow(/Restore it from the backup/);
});
