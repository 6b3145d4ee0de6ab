import { pageContext } from "@/lib/auth/context";
import { problemResponse } from "@/lib/http/problem";
import { meetingPulse } from "@/lib/meetings/live-queries";

/** Asked every few seconds by the screens of a meeting: did anything change? */
export async function GET(_request: Request, { params }: { params: Promise<{ ref: string }> }): Promise<Response> {
  const ctx = await pageContext();
  try {
    const { mark } = await meetingPulse(ctx, { ref: (await params).ref });
    return new Response(mark, {
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
