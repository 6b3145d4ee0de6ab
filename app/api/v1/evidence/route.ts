import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { insist, Refusal } from "@/lib/core/refusal";
import { putBlob } from "@/lib/evidence/blobs";
import { type EvidenceType, evidenceTypes, maxEvidenceBytes, mayUpload, typeFault } from "@/lib/evidence/evidence";
import { listEvidence } from "@/lib/evidence/queries";
import { recordEvidence } from "@/lib/evidence/upload";
import { inputOf, readLimited } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";

/** Room for the envelope of a multipart body around the largest file. */
const maxBody = maxEvidenceBytes + 64 * 1024;

/**
 * Takes a file, as multipart/form-data with a part named `file` or as the raw body with its Content-Type and its name in
 * `X-File-Name`, and answers its SHA-256. The bytes are stored before the record, so a record never lacks its bytes.
 */
export async function POST(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    insist(mayUpload(ctx.actor));
    const { name, type, bytes } = await received(request);
    if (bytes.length > maxEvidenceBytes) throw new Refusal("too_large", "An evidence file has at most 20 MB.");
    if (bytes.length === 0) throw fileFault("invalid", "The file is empty.");
    if (!isEvidenceType(type))
      throw fileFault(
        "unsupported",
        `${type || "A file without a type"} is not kept as evidence. Export it as PDF, an image, text, CSV, JSON or ZIP.`,
      );
    const fault = typeFault(type, bytes);
    if (fault) throw fileFault("unsupported", fault);
    const sha256 = await putBlob(bytes);
    const file = await recordEvidence(ctx, { sha256, name, mediaType: type, size: bytes.length });
    return Response.json(file, { status: 201, headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

export async function GET(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const result = await listEvidence(ctx, await inputOf(request, "GET", {}));
    return Response.json(result, { headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

const isEvidenceType = (type: string): type is EvidenceType => Object.hasOwn(evidenceTypes, type);

const fileFault = (code: "invalid" | "unsupported", message: string): Refusal =>
  new Refusal(code, message, [{ field: "file", message }]);

async function received(request: Request): Promise<{ name: string; type: string; bytes: Buffer }> {
  const type = request.headers.get("content-type") ?? "";
  const body = await readLimited(request, maxBody);
  if (!type.toLowerCase().startsWith("multipart/form-data"))
    return { name: decoded(request.headers.get("x-file-name") ?? ""), type: bare(type), bytes: body };
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch (cause) {
    throw new Refusal("invalid", "The multipart body cannot be read. Send one part named file.", [], { cause });
  }
  const file = form.get("file");
  if (!(file instanceof File)) throw fileFault("invalid", "Send the file in a part named file.");
  return { name: file.name, type: bare(file.type), bytes: Buffer.from(await file.arrayBuffer()) };
}

const bare = (type: string): string => type.split(";")[0]?.trim().toLowerCase() ?? "";

/** Header values are ASCII; other names come percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
