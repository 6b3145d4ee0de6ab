import { Refusal } from "@/lib/core/refusal";
import { getBlob } from "@/lib/evidence/blobs";
import { readEvidence } from "@/lib/evidence/read";
import { apiRoute } from "@/lib/http/api-route";

/** The bytes of an evidence file, always as a download and never run by the browser. Every read is in the log. */
export const GET = apiRoute<{ sha256: string }>(async ({ params, asker }) => {
  const ctx = await asker();
  const file = await readEvidence(ctx, params);
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
      "cache-control": "private, no-store",
      etag: `"${file.sha256}"`,
    },
  });
});
