import type { NextRequest } from "next/server";
import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { problemResponse } from "@/lib/http/problem";
import { search } from "@/lib/search/queries";

/** Hits for the palette: `?q=`. The same as GET /api/v1/search. */
export async function GET(request: NextRequest): Promise<Response> {
  const requestId = newId();
  try {
    const found = await search(await apiContext(request, requestId), {
      q: request.nextUrl.searchParams.get("q") ?? "",
    });
    return Response.json(found, { headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
