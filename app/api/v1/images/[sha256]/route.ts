import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { getBlob } from "@/lib/evidence/blobs";
import { problemResponse } from "@/lib/http/problem";
import { imageOf } from "@/lib/images/record";

/** A picture of a text, for whoever may read texts. Its address is its digest, so it never changes. */
export async function GET(request: Request, { params }: { params: Promise<{ sha256: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const image = await imageOf(ctx, await params);
    const bytes = await getBlob(image.sha256);
    if (!bytes)
      throw new Refusal(
        "gone",
        "The picture's bytes are no longer in the evidence folder. Restore DATA_DIR/evidence from a backup.",
      );
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": image.mediaType,
        "content-length": String(bytes.length),
        "content-disposition": "inline",
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=31536000, immutable",
        etag: `"${image.sha256}"`,
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
