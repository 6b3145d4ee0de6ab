import { insist, Refusal } from "@/lib/core/refusal";
import { apiRoute } from "@/lib/http/api-route";
import { inputOf, readLimited } from "@/lib/http/dispatch";
import { checkImport } from "@/lib/imports/check";
import { maxImportBytes, mayImport } from "@/lib/imports/import";
import { importList } from "@/lib/imports/queries";

/** Takes a CSV file of models as the raw body, its name in `X-File-Name` (percent-encoded), and answers the dry run. */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayImport(ctx.actor));
  const type = request.headers.get("content-type") ?? "";
  if (!/^(text\/(csv|plain|tab-separated-values)|application\/(octet-stream|vnd\.ms-excel))\s*(;|$)/i.test(type))
    throw new Refusal("unsupported", `Send the file as text/csv, not ${type || "without a content type"}.`);
  const bytes = await readLimited(request, maxImportBytes);
  if (bytes.length === 0) throw new Refusal("invalid", "The file is empty.", [{ field: "file", message: "Empty." }]);
  const result = await checkImport(ctx, { fileName: fileName(request.headers.get("x-file-name")), bytes });
  return Response.json(result, { status: 201 });
});

export const GET = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  const result = await importList(ctx, await inputOf(request, "GET"));
  return Response.json(result);
});

function fileName(header: string | null): string {
  if (!header) return "models.csv";
  try {
    return decodeURIComponent(header);
  } catch {
    // Not percent-encoded: the name as it came.
    return header;
  }
}
