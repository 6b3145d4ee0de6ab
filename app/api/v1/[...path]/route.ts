import { apiContext } from "@/lib/auth/context";
import { newId } from "@/lib/core/ids";
import { answer, router } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { operations } from "@/lib/operations";

const routes = router(operations);

async function handle(request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const requestId = newId();
  try {
    return await answer(request, (await params).path, routes, () => apiContext(request, requestId));
  } catch (error) {
    return problemResponse(error, requestId);
  }
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
