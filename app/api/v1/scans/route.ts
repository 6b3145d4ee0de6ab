import { insist } from "@/lib/core/refusal";
import { mayPush } from "@/lib/facts/pushed";
import { apiRoute } from "@/lib/http/api-route";
import { takeReport } from "@/lib/http/report";
import { readReport } from "@/lib/scans/read";
import { recordScans } from "@/lib/scans/record";
import { maxScanBytes } from "@/lib/scans/scan";

/** Takes a scanner's report, SARIF 2.1.0 or CycloneDX JSON, as the raw body: `POST /api/v1/scans?model=card-fraud-score&run=build-812`. */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayPush(ctx.actor));
  const { bytes, sha256 } = await takeReport(
    request,
    maxScanBytes,
    "Leave out rules and results that did not fail, or send one report for each tool.",
  );
  const search = new URL(request.url).searchParams;
  const run = search.get("run");
  const { format, scans } = readReport(bytes);
  const result = await recordScans(ctx, {
    model: search.get("model") ?? "",
    ...(run ? { run } : {}),
    format,
    sha256,
    scans,
  });
  return Response.json(result, { status: 201 });
});
