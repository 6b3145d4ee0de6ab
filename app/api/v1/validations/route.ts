import { insist, Refusal } from "@/lib/core/refusal";
import { mayPush } from "@/lib/facts/pushed";
import { apiRoute } from "@/lib/http/api-route";
import { jsonOf, takeReport } from "@/lib/http/report";
import { validationsOf } from "@/lib/validations/great-expectations";
import { recordValidations } from "@/lib/validations/record";
import { maxResultBytes } from "@/lib/validations/validation";

/**
 * Takes a result of Great Expectations, of validations or a checkpoint, as the raw body:
 * `POST /api/v1/validations?model=card-fraud-score&run=build-812&blocking=true`. `blocking` says whether the pipeline stops when a
 * validation fails.
 */
export const POST = apiRoute(async ({ request, asker }) => {
  const ctx = await asker();
  insist(mayPush(ctx.actor));
  const { bytes, sha256 } = await takeReport(
    request,
    maxResultBytes,
    'Validate with result_format "BASIC" or "SUMMARY", or send one result for each suite.',
  );
  const search = new URL(request.url).searchParams;
  const run = search.get("run");
  const blocking = search.get("blocking");
  if (blocking !== null && blocking !== "true" && blocking !== "false")
    throw new Refusal("invalid", "blocking is true or false.", [{ field: "blocking", message: "true or false." }]);
  const result = await recordValidations(ctx, {
    model: search.get("model") ?? "",
    ...(run ? { run } : {}),
    ...(blocking === null ? {} : { blocking: blocking === "true" }),
    sha256,
    validations: validationsOf(jsonOf(bytes, true)),
  });
  return Response.json(result, { status: 201 });
});
