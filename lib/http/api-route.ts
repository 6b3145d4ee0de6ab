import "server-only";
import { apiContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { atEdge } from "./at-edge";
import { problemResponse } from "./problem";

/** What a route below /api/v1 is asked. `asker` reads who asks, when the route wants to know. */
export type Asked<P> = { request: Request; params: P; requestId: string; asker: () => Promise<Ctx> };

/**
 * A route below /api/v1, which the proxy leaves out (lib/http/at-edge.ts): only the portal's host serves it, with the headers of data
 * and a request id; what is thrown becomes a problem, and nothing is cached unless the route says so.
 */
export const apiRoute =
  <P = Record<string, never>>(serve: (asked: Asked<P>) => Response | Promise<Response>) =>
  (request: Request, context: { params: Promise<P> }): Promise<Response> =>
    atEdge(request, async () => {
      const requestId = newId();
      try {
        const params = await context.params;
        const response = await serve({ request, params, requestId, asker: () => apiContext(request, requestId) });
        response.headers.set("x-request-id", requestId);
        if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
        return response;
      } catch (error) {
        return problemResponse(error, requestId);
      }
    });
