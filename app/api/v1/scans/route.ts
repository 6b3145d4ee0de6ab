import { createHash } from "node:crypto";
import { insist, Refusal } from "@/lib/core/refusal";
import { mayPush } from "@/lib/facts/pushed";
import { apiRoute } from "@/lib/http/api-route";
import { readLimited } from "@/lib/http/dispatch";
import { readReport } from "@/lib/scans/read";
import { recordScans } from "@/lib/scans/record";
import { maxScanBytes } from "@/lib/scans/scan";

/**
 * Takes a scanner's report, SARIF 2.1.0 or CycloneDX JSON, as the raw body: `POST /api/v1/scans?model=card-fraud-score&run=build-812`.
 * A larger one is refused by its Content-Length, or after the limit was read, and never kept in memory as a whole.
 */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayPush(ctx.actor));
  const limit = `A report has at most ${maxScanBytes / 1024 / 1024} MB. Leave out rules and results that did not fail, or send one report for each tool.`;
  if (Number(request.headers.get("content-length") ?? 0) > maxScanBytes) throw new Refusal("too_large", limit);
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type))
    throw new Refusal("unsupported", `Send the report as application/json, not ${type || "without a content type"}.`);
  const bytes = await readLimited(request, maxScanBytes);
  const search = new URL(request.url).searchParams;
  const run = search.get("run");
  const { format, scans } = readReport(bytes);
  const result = await recordScans(ctx, {
    model: search.get("model") ?? "",
    ...(run ? { run } : {}),
    format,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    scans,
  });
  return Response.json(result, { status: 201 });
});
