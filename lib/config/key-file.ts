import "server-only";
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * 32 random bytes kept in `<dataDir>/keys/<name>` (mode 0600, base64, one line), made at first use.
 * Two processes that start together end up with the same key: the file appears whole or not at all, and the first one stays.
 */
export function keyFile(dataDir: string, name: string): Buffer {
  const folder = path.join(dataDir, "keys");
  const file = path.join(folder, name);
  const before = readKey(file);
  if (before) return before;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(part, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(part, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(part);
  }
  const made = readKey(file);
  if (!made) throw new Error(`${file} vanished while it was made.`);
  return made;
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const key = Buffer.from(text, "base64");
  if (key.length !== 32)
    throw new Error(`${file} must hold 32 bytes in base64. Restore it from the backup of DATA_DIR.`);
  return key;
}
