import { templateArchive } from "@/lib/guidance/templates";
import { apiRoute } from "@/lib/http/api-route";
import { inputOf } from "@/lib/http/dispatch";

/** A template as a ZIP; `?version=` for an older one. The digest that pages and GET /templates/{id} name is the ETag. */
export const GET = apiRoute<{ id: string }>(async ({ request, params, asker }) => {
  const ctx = await asker();
  const { name, bytes, digest } = await templateArchive(ctx, await inputOf(request, "GET", params));
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="${name}"`,
      etag: `"${digest}"`,
    },
  });
});
