import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Largest evidence file, bytes. */
export const maxEvidenceBytes = 20 * 1024 * 1024;

/** What may be kept as evidence. Nothing that a browser would run: no HTML, no SVG. */
export const evidenceTypes = {
  "application/pdf": "PDF",
  "application/json": "JSON",
  "application/zip": "ZIP",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel workbook",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
  "image/png": "PNG image",
  "image/jpeg": "JPEG image",
  "image/webp": "WebP image",
  "text/plain": "Text",
  "text/csv": "CSV",
  "text/markdown": "Markdown",
  "application/yaml": "YAML",
} as const;
export type EvidenceType = keyof typeof evidenceTypes;
const typeList = Object.keys(evidenceTypes) as [EvidenceType, ...EvidenceType[]];

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** Whether a file of the type is an archive inside. */
export const isPacked = (type: EvidenceType): boolean =>
  type === "application/zip" || type.startsWith("application/vnd.openxmlformats-");

const magic: readonly [string, string][] = [
  ["%PDF-", "a PDF"],
  ["PK\x03\x04", "a ZIP archive"],
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["MZ", "a Windows program"],
  ["\x7fELF", "a Linux program"],
  ["\x1f\x8b", "a gzip archive"],
];

/** What bytes look like whatever they claim; null when nothing is recognized. */
export function looksLike(bytes: Uint8Array): string | null {
  const head = ascii(bytes, 0, 200);
  const known = magic.find(([start]) => head.startsWith(start))?.[1];
  if (known) return known;
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^<(!doctype html|html|script|head|body)/i.test(text)) return "a web page";
  return /^<(\?xml|svg)/i.test(text) ? "XML or SVG" : null;
}

/** What is wrong with a file that claims to be of a type, in words; null if its bytes agree. */
export function typeFault(type: EvidenceType, bytes: Uint8Array): string | null {
  const seen = looksLike(bytes);
  const wrong = `The file does not look like ${evidenceTypes[type]}${seen ? ` but like ${seen}` : ""}. Declare its real type, or export it again.`;
  const program = seen === "a Windows program" || seen === "a Linux program";
  if (program) return `The file is ${seen.slice(2)}. Programs are not kept as evidence.`;
  switch (type) {
    case "application/pdf":
      return ascii(bytes, 0, 5) === "%PDF-" ? null : wrong;
    case "application/zip":
    case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
    case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
      return ascii(bytes, 0, 4) === "PK\x03\x04" ? null : wrong;
    case "image/png":
      return ascii(bytes, 1, 3) === "PNG" && bytes[0] === 0x89 ? null : wrong;
    case "image/jpeg":
      return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? null : wrong;
    case "image/webp":
      return ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP" ? null : wrong;
    default:
      return textFault(type, bytes, wrong);
  }
}

function textFault(type: EvidenceType, bytes: Uint8Array, wrong: string): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return "The file is not valid UTF-8 text. Save it as UTF-8.";
  }
  if (text.includes("\0")) return wrong;
  if (type !== "application/json") return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return "The file is not valid JSON.";
  }
}

export const UploadEvidence = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "Give the SHA-256 of the file, 64 hex digits."),
  name: z
    .string()
    .trim()
    .min(1, "Name the file.")
    .max(200, "At most 200 characters.")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here.
    .regex(/^[^\u0000-\u001f\u007f/\\]+$/, "A file name has no slashes and no control characters."),
  mediaType: z.enum(typeList, `Evidence is one of ${Object.values(evidenceTypes).join(", ")}.`),
  size: z.number().int().min(1, "The file is empty.").max(maxEvidenceBytes, "At most 20 MB."),
  /** Of a snapshot of a link. */
  sourceUrl: z.string().max(2000, "At most 2000 characters.").optional(),
  scannedBy: z.string().max(300, "At most 300 characters.").default(""),
});

export function mayUpload(actor: Actor): Verdict {
  return holds(actor, "readiness:attest") || holds(actor, "conditions:answer") || holds(actor, "reviews:comment")
    ? yes
    : no(
        "forbidden",
        "Only people who attest, answer conditions or review add evidence. Ask an administrator for a role.",
      );
}

export function mayReadEvidence(actor: Actor): Verdict {
  return holds(actor, "evidence:read")
    ? yes
    : no(
        "forbidden",
        "Evidence files are open to model owners, reviewers, compliance and auditors. Ask an administrator for a role.",
      );
}
