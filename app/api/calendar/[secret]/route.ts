import { database } from "@/db/client";
import { config } from "@/lib/config/config";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { problemResponse } from "@/lib/http/problem";
import { feedText } from "@/lib/meetings/feed";

/** A person's calendar at its secret address: the address is the only authority. */
export async function GET(_request: Request, { params }: { params: Promise<{ secret: string }> }): Promise<Response> {
  const requestId = newId();
  try {
    const secret = (await params).secret.replace(/\.ics$/, "");
    const text = /^cs_[\w-]{43}$/.test(secret)
      ? await feedText(database().db, secret, config().publicUrl, new Date())
      : null;
    if (text === null)
      throw new Refusal("not_found", "There is no calendar here. Make a new address on the page Meetings.");
    return new Response(text, {
      headers: { "content-type": "text/calendar; charset=utf-8", "cache-control": "private, no-cache" },
    });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
