import { newId } from "@/lib/core/ids";
import { pageFacts, takeStep } from "@/lib/credentials/signing-steps";
import { inputOf } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";

export const dynamic = "force-dynamic";

type Params = { params: Promise<{ token: string }> };
const headers = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
};

/** What the link is about. No cookie counts here: the link itself is the authority, for ten minutes and one signature. */
export async function GET(_request: Request, { params }: Params): Promise<Response> {
  const requestId = newId();
  try {
    return Response.json(await pageFacts((await params).token), { headers });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

export async function POST(request: Request, { params }: Params): Promise<Response> {
  const requestId = newId();
  try {
    const body = await inputOf(request, "POST");
    return Response.json(await takeStep((await params).token, body, requestId), { headers });
  } catch (error) {
    return problemResponse(error, requestId);
  }
}
