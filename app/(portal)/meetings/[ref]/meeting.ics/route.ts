import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { problemResponse } from "@/lib/http/problem";
import { eventOf } from "@/lib/meetings/calendar";
import { calendarText } from "@/lib/meetings/ical";
import { meetingGet } from "@/lib/meetings/queries";

/** One meeting for a calendar; the same event as in the feed, so that it is not there twice. */
export async function GET(_request: Request, { params }: { params: Promise<{ ref: string }> }): Promise<Response> {
  const ctx = await pageContext();
  try {
    const meeting = await meetingGet(ctx, { ref: (await params).ref });
    const event = await eventOf(ctx.db, meeting, ctx.actor);
    return new Response(calendarText([event], config().publicUrl, ctx.now()), {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": `attachment; filename="${meeting.ref}.ics"`,
      },
    });
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
