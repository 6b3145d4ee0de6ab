import { createHash } from "node:crypto";
import { Refusal } from "@/lib/core/refusal";
import { readLimited } from "./dispatch";

/** A report that was sent as the raw body of a request. */
type Report = { bytes: Buffer; sha256: string };

/**
 * Takes a report of JSON as the raw body. A larger one is refused by its Content-Length, or after the limit was read, and never kept
 * in memory as a whole. `advice`: what the sender can do about the size.
 */
export async function takeReport(request: Request, maxBytes: number, advice: string): Promise<Report> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes)
    throw new Refusal("too_large", `A report has at most ${maxBytes / 1024 / 1024} MB. ${advice}`);
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type))
    throw new Refusal("unsupported", `Send the report as application/json, not ${type || "without a content type"}.`);
  const bytes = await readLimited(request, maxBytes);
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** What a report holds, as JSON in UTF-8. `python`: NaN and Infinity, which Python writes and JSON does not know, are read as null. */
export function jsonOf(bytes: Buffer, python = false): unknown {
  if (bytes.length === 0) throw new Refusal("invalid", "The report is empty.");
  const packed = [
    [0x50, 0x4b],
    [0x1f, 0x8b],
    [0x28, 0xb5],
    [0x42, 0x5a],
  ].some(([a, b]) => bytes[0] === a && bytes[1] === b);
  if (packed)
    throw new Refusal("unsupported", "The report is compressed. Send the JSON itself; nothing is unpacked here.");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(python ? withoutNaN(text) : text);
  } catch (cause) {
    throw new Refusal(
      "invalid",
      `The report is not valid JSON: ${cause instanceof Error ? cause.message : "unreadable"}.`,
      [],
      { cause },
    );
  }
}

/** Texts stay as they are. */
const withoutNaN = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g, (part) => (part.startsWith('"') ? part : "null"));
