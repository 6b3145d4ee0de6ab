import { database } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { problemResponse } from "@/lib/http/problem";
import { unsubscribe } from "@/lib/notifications/unsubscribe";

/** One click in a mail program (RFC 8058): it posts here without a session, and needs no more than the link. */
export async function POST(_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    const { what } = await unsubscribe(database().db, (await params).token, () => new Date());
    return Response.json({ off: what }, { headers: { "x-request-id": requestId } });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
