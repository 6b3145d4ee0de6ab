import { openApi } from "@/lib/http/openapi";
import { operations } from "@/lib/operations";

export function GET(request: Request): Response {
  return Response.json(openApi(operations, new URL(request.url).origin));
}
