import "server-only";
import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import type { Reader } from "@/db/client";
import { equal } from "@/lib/signing/bytes";
import { type LogKey, verifyCheckpoint } from "./checkpoint";
import { emptyRoot } from "./merkle";
import { rootAt } from "./proof";
import { hashReader, standing } from "./store";

const fileIn = (dir: string): string => path.join(dir, "last-checkpoint");

/** The last checkpoint that this installation signed, kept beside the key and outside the database. Null before the first. */
export async function readLast(dir: string): Promise<string | null> {
  try {
    return await readFile(fileIn(dir), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

export async function writeLast(dir: string, note: string): Promise<void> {
  // Flushed and renamed into place: a crash leaves the old one or the new one, never half of one.
  const draft = `${fileIn(dir)}.${randomUUID()}`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(note);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, fileIn(dir));
}

/**
 * Why this database must not be signed for, or null. Signing a tree that lacks or contradicts what was signed before would
 * fork the log (signing.md section 7, case 53).
 */
export async function rollback(read: Reader, dir: string, key: LogKey): Promise<string | null> {
  const note = await readLast(dir);
  if (note === null) return null;
  const last = verifyCheckpoint(note, key);
  const remedy =
    "Nothing is signed until this is mended: restore a database that holds the signed log, or start a new log with a new DATA_DIR and another log host, and keep this one for auditors.";
  if (!last.ok) return `${fileIn(dir)} is not a checkpoint of this log: ${last.why}. ${remedy}`;
  const { size } = await standing(read);
  if (size < last.head.size)
    return `The database was rolled back: its log has ${size} entries, but a checkpoint over ${last.head.size} was signed. ${remedy}`;
  const root = last.head.size === 0 ? emptyRoot : await rootAt(hashReader(read), last.head.size);
  return equal(root, last.head.root)
    ? null
    : `The database's log differs from the checkpoint over ${last.head.size} entries that was signed. ${remedy}`;
}
