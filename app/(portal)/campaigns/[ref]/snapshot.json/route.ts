import { pageContext } from "@/lib/auth/context";
import { campaignSnapshot } from "@/lib/campaigns/queries";
import { problemResponse } from "@/lib/http/problem";

/** The frozen bytes exactly as they were hashed. */
export async function GET(_request: Request, { params }: { params: Promise<{ ref: string }> }): Promise<Response> {
  const ctx = await pageContext();
  try {
    const { ref, sha256, content } = await campaignSnapshot(ctx, { ref: (await params).ref });
    return new Response(Buffer.from(content, "base64"), {
      headers: {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${ref}-${sha256.slice(0, 12)}.json"`,
      },
    });
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}
