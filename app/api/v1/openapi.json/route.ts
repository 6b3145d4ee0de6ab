import { byHand } from "@/lib/http/by-hand";
import { openApi } from "@/lib/http/openapi";
import { operations } from "@/lib/operations";

export function GET(request: Request): Response {
  return Response.json(openApi(operations, byHand, new URL(request.url).origin));
}
