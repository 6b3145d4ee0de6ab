import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { getBlob } from "@/lib/evidence/blobs";
import { readEvidence } from "@/lib/evidence/read";
import { problemResponse } from "@/lib/http/problem";

/** The bytes of an evidence file, always as a download and never run by the browser. Every read is in the log. */
export async function GET(request: Request, { params }: { params: Promise<{ sha256: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const file = await readEvidence(ctx, await params);
    const bytes = await getBlob(file.sha256);
    if (!bytes)
      throw new Refusal(
        "gone",
        "The file's bytes are no longer in the evidence folder. Restore DATA_DIR/evidence from a backup.",
      );
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": file.mediaType,
        "content-length": String(bytes.length),
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replaceAll("'", "%27")}`,
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
        etag: `"${file.sha256}"`,
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
