import { Refusal } from "@/lib/core/refusal";
import { getBlob } from "@/lib/evidence/blobs";
import { apiRoute } from "@/lib/http/api-route";
import { imageOf } from "@/lib/images/record";

/** A picture of a text, for whoever may read texts. Its address is its digest, so it never changes. */
export const GET = apiRoute<{ sha256: string }>(async ({ params, asker }) => {
  const ctx = await asker();
  const image = await imageOf(ctx, params);
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
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, max-age=31536000, immutable",
      etag: `"${image.sha256}"`,
    },
  });
});
