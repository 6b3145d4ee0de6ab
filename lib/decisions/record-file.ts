import { maxRecord } from "./decision";
import { type AdrRecord, type Fault, find, parseAdr } from "./madr";

/** A file as large as this is not read at all. Bytes. */
export const maxFileBytes = 1024 * 1024;

export type Readable =
  | { ok: true; content: string; record: AdrRecord; faults: Fault[] }
  | { ok: false; reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const around =
  /^(readme|index|contributing|changelog|template|.*-template|_template|adr-template.*|toc)\.(md|markdown)$/i;

/**
 * Whether a file is a decision record: the text, or why it is none. One rule for the command line, for sources and for what
 * an import over the API would accept. `path` is relative to its collection.
 */
export function readRecordFile(path: string, bytes: Uint8Array): Readable {
  const no = (reason: string): Readable => ({ ok: false, reason });
  if (bytes.length > maxFileBytes) return no(`larger than 1 MB (${bytes.length} bytes)`);
  if (around.test(path.split("/").at(-1) ?? "")) return no("a page about the folder or a template, not a record");
  if (bytes.includes(0)) return no("binary: it holds a NUL byte");
  let content: string;
  try {
    content = utf8.decode(bytes);
  } catch {
    return no("not valid UTF-8");
  }
  if (content.trim() === "") return no("empty");
  if (content.length > maxRecord) return no(`longer than ${maxRecord} characters`);
  const conflict = /^(<{7}|>{7})( |$)/m.exec(content);
  if (conflict) {
    const line = content.slice(0, conflict.index).split("\n").length;
    return no(`an unfinished merge: a conflict marker in line ${line}`);
  }
  const { record, faults } = parseAdr(content);
  if (!record.title) return no("no title: there is no line like “# Use batch scoring”");
  if (record.format === "free" && record.status === null && record.date === null && !find(record.sections, "outcome"))
    return no("no decision record: it has neither a status nor a date nor a section that says what was decided");
  return { ok: true, content, record, faults };
}
