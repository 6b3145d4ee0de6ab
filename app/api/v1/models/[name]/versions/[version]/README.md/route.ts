import { apiContext } from "@/lib/auth/context";
import { modelCard } from "@/lib/cards/queries";
import { newId } from "@/lib/core/ids";
import { problemResponse } from "@/lib/http/problem";

/** A version's model card as the file that model hubs read. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ name: string; version: string }> },
): Promise<Response> {
  const requestId = newId();
  try {
    const { name, version } = await params;
    const { card } = await modelCard(await apiContext(request, requestId), { name, version });
    return new Response(card, {
      headers: {
        "content-type": "text/markdown; charset=utf-8",
        "content-disposition": 'attachment; filename="README.md"',
        "cache-control": "no-store",
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
