import "server-only";
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One file of a template, its path with slashes. All of them are text: what cannot be read in a review is not shipped. */
export type TreeFile = { path: string; text: string; bytes: Buffer };

/** The files below a folder of content/, by path. What a test run left behind is a fault, or the archive would hold it. */
export function readTree(root: string, folder: string, faults: string[]): TreeFile[] {
  const top = path.join(root, folder);
  return entriesOf(top, folder, faults)
    .flatMap((entry): TreeFile[] => {
      if (entry.isDirectory()) return [];
      const whole = path.join(entry.parentPath, entry.name);
      const name = path.relative(top, whole).replaceAll(path.sep, "/");
      const fault = (what: string): TreeFile[] => {
        faults.push(`content/${folder}/${name}: ${what}`);
        return [];
      };
      if (!entry.isFile()) return fault("is no regular file");
      if (name.includes("__pycache__/")) return fault("is left over from a test run; delete it");
      const bytes = readFileSync(whole);
      try {
        return [{ path: name, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bytes }];
      } catch {
        return fault("is not valid UTF-8");
      }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function entriesOf(top: string, folder: string, faults: string[]): Dirent[] {
  try {
    return readdirSync(top, { recursive: true, withFileTypes: true });
  } catch (cause) {
    faults.push(`content/${folder}: cannot be read (${cause instanceof Error ? cause.message : "unknown"})`);
    return [];
  }
}
