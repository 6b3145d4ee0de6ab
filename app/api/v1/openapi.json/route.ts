import { apiRoute } from "@/lib/http/api-route";
import { byHand } from "@/lib/http/by-hand";
import { openApi } from "@/lib/http/openapi";
import { operations } from "@/lib/operations";

export const GET = apiRoute(({ request }) => Response.json(openApi(operations, byHand, new URL(request.url).origin)));
