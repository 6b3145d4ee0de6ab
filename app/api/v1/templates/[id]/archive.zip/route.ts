import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { templateArchive } from "@/lib/guidance/templates";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";

/** A template as a ZIP; `?version=` for an older one. The digest that pages and GET /templates/{id} name is the ETag. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const { name, bytes, digest } = await templateArchive(ctx, await inputOf(request, "GET", await params));
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
        etag: `"${digest}"`,
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
