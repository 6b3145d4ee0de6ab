import fs from "node:fs";
import path from "node:path";
import { fits } from "@/lib/decisions/glob";
import { maxFileBytes, readRecordFile } from "@/lib/decisions/record-file";

export type FolderFile = { path: string; content: string } | { path: string; reason: string };

const most = 20_000;
const never = new Set([".git", "node_modules"]);

/**
 * The files below a folder that fit a pattern, each with its text or the reason why it is no record. A link is followed only to a
 * file inside the folder, and a file is never read beyond the size limit.
 */
export function recordFiles(folder: string, globs: readonly string[]): FolderFile[] {
  const root = fs.realpathSync(folder);
  const found: FolderFile[] = [];
  const walk = (at: string): void => {
    const entries = fs.readdirSync(path.join(root, at), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!never.has(entry.name)) walk(name);
        continue;
      }
      if (!globs.some((glob) => fits(name, glob))) continue;
      if (found.length >= most) throw new Error(`${folder} holds more than ${most} files. Name a smaller folder.`);
      found.push(one(root, name));
    }
  };
  walk("");
  return found;
}

function one(root: string, name: string): FolderFile {
  let real: string;
  try {
    real = fs.realpathSync(path.join(root, name));
  } catch {
    return { path: name, reason: "a link that leads nowhere" };
  }
  if (!real.startsWith(root + path.sep)) return { path: name, reason: "a link out of the folder" };
  const { size } = fs.statSync(real);
  if (!fs.statSync(real).isFile()) return { path: name, reason: "no ordinary file" };
  if (size > maxFileBytes) return { path: name, reason: `larger than 1 MB (${size} bytes)` };
  const read = readRecordFile(name, fs.readFileSync(real));
  return read.ok ? { path: name, content: read.content } : { path: name, reason: read.reason };
}
