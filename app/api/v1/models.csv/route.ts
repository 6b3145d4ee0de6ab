import { apiRoute } from "@/lib/http/api-route";
import { inputOf } from "@/lib/http/dispatch";
import { modelCsv } from "@/lib/models/export";

/** The list of models as CSV, filtered like GET /models; of any length. */
export const GET = apiRoute(async ({ request, asker }) => modelCsv(await asker(), await inputOf(request, "GET")));
