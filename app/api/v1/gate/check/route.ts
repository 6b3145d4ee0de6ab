import { apiRoute } from "@/lib/http/api-route";
import { inputOf } from "@/lib/http/dispatch";
import { takeGateShare } from "@/lib/http/limit";
import { checkGate } from "@/lib/releases/check-gate";

/** The gate: 200 allow, 403 deny, both with a signed answer; a question that cannot be understood is a problem. */
export const POST = apiRoute(async ({ request, asker }) => {
  takeGateShare(request);
  const answer = await checkGate(await asker(), await inputOf(request, "POST"));
  return Response.json(answer, { status: answer.decision === "allow" ? 200 : 403 });
});
