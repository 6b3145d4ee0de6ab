import "server-only";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { archiveFault } from "./archive";
import { putBlob } from "./blobs";
import { type EvidenceType, evidenceTypes, isPacked, maxEvidenceBytes, typeFault } from "./evidence";
import { scanned } from "./scan";
import { recordEvidence } from "./upload";

export const fileFault = (code: "invalid" | "unsupported", message: string): Refusal =>
  new Refusal(code, message, [{ field: "file", message }]);

const isEvidenceType = (type: string): type is EvidenceType => Object.hasOwn(evidenceTypes, type);

/** Examines bytes and keeps them as evidence. They are stored before the record, so a record never lacks its bytes. */
export async function keep(
  ctx: Ctx,
  { name, type, bytes, sourceUrl }: { name: string; type: string; bytes: Uint8Array; sourceUrl?: string },
): ReturnType<typeof recordEvidence> {
  if (bytes.length > maxEvidenceBytes) throw new Refusal("too_large", "An evidence file has at most 20 MB.");
  if (bytes.length === 0) throw fileFault("invalid", "The file is empty.");
  if (!isEvidenceType(type))
    throw fileFault(
      "unsupported",
      `${type || "A file without a type"} is not kept as evidence. Export it as PDF, an image, text, CSV, JSON or ZIP.`,
    );
  const fault = typeFault(type, bytes) ?? (isPacked(type) ? archiveFault(bytes) : null);
  if (fault) throw fileFault("unsupported", fault);
  const scannedBy = await scanned(bytes);
  const sha256 = await putBlob(bytes);
  return recordEvidence(ctx, {
    sha256,
    name,
    mediaType: type,
    size: bytes.length,
    scannedBy,
    ...(sourceUrl ? { sourceUrl } : {}),
  });
}
