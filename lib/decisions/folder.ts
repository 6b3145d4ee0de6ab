import fs from "node:fs";
import path from "node:path";
import { fits } from "@/lib/connectors/glob";

import { maxFileBytes, readRecordFile } from "./record-file";

/** A file as a collection holds it: its bytes, or why they are not read. */
export type FoundFile = { path: string; bytes: Buffer } | { path: string; reason: string };
type FolderFile = { path: string; content: string } | { path: string; reason: string };

/** More files than this are no collection of decision records. */
export const mostFiles = 20_000;
const never = new Set([".git", "node_modules"]);

/**
 * The files below a folder that fit a pattern. A link is followed only to a file inside the folder, and a file is never read
 * beyond the size limit.
 */
export function filesBelow(folder: string, globs: readonly string[]): FoundFile[] {
  const root = fs.realpathSync(folder);
  const found: FoundFile[] = [];
  const walk = (at: string): void => {
    const entries = fs.readdirSync(path.join(root, at), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!never.has(entry.name)) walk(name);
        continue;
      }
      if (!globs.some((glob) => fits(name, glob))) continue;
      if (found.length >= mostFiles)
        throw new Error(`${folder} holds more than ${mostFiles} files. Name a smaller folder.`);
      found.push(one(root, name));
    }
  };
  walk("");
  return found;
}

/** The same, each with its text or the reason why it is no record. */
export const recordFiles = (folder: string, globs: readonly string[]): FolderFile[] =>
  filesBelow(folder, globs).map((file) => {
    if ("reason" in file) return file;
    const read = readRecordFile(file.path, file.bytes);
    return read.ok ? { path: file.path, content: read.content } : { path: file.path, reason: read.reason };
  });

function one(root: string, name: string): FoundFile {
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
  return { path: name, bytes: fs.readFileSync(real) };
}
