import "server-only";
import { createHash } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { config } from "@/lib/config/config";
import { newId } from "@/lib/core/ids";

/** Evidence bytes under DATA_DIR/evidence/<sha256>. Written once, synced, never replaced. */
const folder = (): string => path.join(config().dataDir, "evidence");

/** Stores bytes and answers their SHA-256 (hex). Storing the same bytes again changes nothing. */
export async function putBlob(bytes: Uint8Array): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const target = path.join(folder(), sha256);
  const draft = path.join(folder(), `.${newId()}`);
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, target);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return sha256;
}

/** The bytes of a digest; null if they are gone. Bytes that no longer match their digest are a fault. */
export async function getBlob(sha256: string): Promise<Buffer | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path.join(folder(), sha256));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw new Error(`Evidence file ${sha256} was altered on disk. Restore it from a backup.`);
  return bytes;
}

/** Removes bytes that nothing needs any more; nothing happens where there are none. */
export async function dropBlob(sha256: string): Promise<void> {
  await rm(path.join(folder(), sha256), { force: true });
}
