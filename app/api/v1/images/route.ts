import { insist, Refusal } from "@/lib/core/refusal";
import { getBlob, putBlob } from "@/lib/evidence/blobs";
import { apiRoute } from "@/lib/http/api-route";
import { readLimited } from "@/lib/http/dispatch";
import { imagePath, maxImageBytes, maxImageSide, mayAddImage } from "@/lib/images/image";
import { recordImage } from "@/lib/images/record";
import { sniff } from "@/lib/images/sniff";
import { withoutMetadata } from "@/lib/images/strip";

/**
 * Takes a picture for Markdown texts as the raw body, its name percent-encoded in `X-File-Name`, and answers the address to show it
 * by. What it is follows from its bytes, not from what it is called; what a camera wrote beside the pixels is left out. The bytes are
 * stored before the record.
 */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayAddImage(ctx.actor));
  const bytes = await readLimited(request, maxImageBytes);
  const found = sniff(bytes);
  if (!found) throw fault("unsupported", "This is no PNG, JPEG, WebP or GIF picture. Export it as one of them.");
  if (found.width < 1 || found.height < 1) throw fault("unsupported", "The picture has no size. Export it again.");
  if (Math.max(found.width, found.height) > maxImageSide)
    throw fault(
      "invalid",
      `The picture is ${found.width} by ${found.height} pixels; at most ${maxImageSide} on a side. Make it smaller.`,
    );
  const kept = withoutMetadata(bytes, found.type);
  if (!kept) throw fault("unsupported", "The picture breaks off in the middle. Export it again.");
  const sha256 = await putBlob(kept);
  const { type: mediaType, width, height } = found;
  const image = await recordImage(ctx, {
    sha256,
    name: nameOf(request),
    mediaType,
    size: kept.length,
    width,
    height,
  });
  // The same picture may have been removed as unused between the two; from the record on it stays.
  if (!(await getBlob(sha256))) await putBlob(kept);
  return Response.json({ ...image, path: imagePath(sha256) }, { status: 201 });
});

const fault = (code: "invalid" | "unsupported", message: string): Refusal =>
  new Refusal(code, message, [{ field: "file", message }]);

/** Header values are ASCII, so names come percent-encoded. What cannot be decoded or shown has no name. */
function nameOf(request: Request): string {
  try {
    return decodeURIComponent(request.headers.get("x-file-name") ?? "")
      .replace(/[\p{Cc}\p{Cf}\\/]/gu, "")
      .trim()
      .slice(0, 200);
  } catch {
    return "";
  }
}
