import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { insist, Refusal } from "@/lib/core/refusal";
import { inputOf, readLimited } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { checkImport } from "@/lib/imports/check";
import { maxImportBytes, mayImport } from "@/lib/imports/import";
import { importList } from "@/lib/imports/queries";

/** Takes a CSV file of models as the raw body, its name in `X-File-Name` (percent-encoded), and answers the dry run. */
export async function POST(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    insist(mayImport(ctx.actor));
    const type = request.headers.get("content-type") ?? "";
    if (!/^(text\/(csv|plain|tab-separated-values)|application\/(octet-stream|vnd\.ms-excel))\s*(;|$)/i.test(type))
      throw new Refusal("unsupported", `Send the file as text/csv, not ${type || "without a content type"}.`);
    const bytes = await readLimited(request, maxImportBytes);
    if (bytes.length === 0) throw new Refusal("invalid", "The file is empty.", [{ field: "file", message: "Empty." }]);
    const result = await checkImport(ctx, { fileName: fileName(request.headers.get("x-file-name")), bytes });
    return Response.json(result, { status: 201, headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

export async function GET(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const ctx = await apiContext(request, requestId);
    const result = await importList(ctx, await inputOf(request, "GET", {}));
    return Response.json(result, { headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

function fileName(header: string | null): string {
  if (!header) return "models.csv";
  try {
    return decodeURIComponent(header);
  } catch {
    // Not percent-encoded: the name as it came.
    return header;
  }
}
