import { database } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { problemResponse } from "@/lib/http/problem";
import { answerLog } from "@/lib/log/http";

export const dynamic = "force-dynamic";

/** The log's host is routed here (proxy.ts): /checkpoint, /tile/…, /inclusion, /consistency. Open to anyone. */
export async function GET(request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
  try {
    return await answerLog(database().db, (await params).path, new URL(request.url).searchParams);
  } catch (error) {
    return problemResponse(error, newId());
  }
}
