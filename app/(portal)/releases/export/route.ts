import { pageContext } from "@/lib/auth/context";
import { listReleases } from "@/lib/releases/queries";

export const dynamic = "force-dynamic";

const cell = (value: unknown): string => {
  const text = value instanceof Date ? value.toISOString() : String(value ?? "");
  // A leading =, +, - or @ would be a formula in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const columns = [
  "ref",
  "model",
  "version",
  "digest",
  "environment",
  "status",
  "requestedBy",
  "requestedAt",
  "approvals",
  "lastAnswer",
  "promotedAt",
] as const;

/** Releases as CSV, all that match the list's filters, streamed page by page. */
export async function GET(request: Request): Promise<Response> {
  const ctx = await pageContext();
  const search = new URL(request.url).searchParams;
  const filters: Record<string, unknown> = { limit: 200 };
  for (const key of ["status", "environment"]) {
    const value = search.get(key);
    if (value) filters[key] = value.split(",");
  }
  const model = search.get("model");
  if (model) filters.model = model;
  const first = await listReleases(ctx, filters);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(encoder.encode(`${columns.join(",")}\r\n`));
      for (let page = first; ; ) {
        controller.enqueue(
          encoder.encode(page.releases.map((r) => `${columns.map((c) => cell(r[c])).join(",")}\r\n`).join("")),
        );
        if (!page.next) break;
        page = await listReleases(ctx, { ...filters, after: page.next });
      }
      controller.close();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="releases.csv"',
    },
  });
}
