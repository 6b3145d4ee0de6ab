import { config } from "@/lib/config/config";
import { routeOf } from "./hosts";
import { contentSecurityPolicy, securityHeaders } from "./security-headers";

/**
 * What the proxy does (proxy.ts), for routes that it leaves out because passing it costs as much as answering: only the portal's
 * own host serves them, and every answer carries the headers of data.
 */
export async function atEdge(request: Request, serve: () => Promise<Response>): Promise<Response> {
  const settings = config();
  const url = new URL(request.url);
  const route = routeOf(settings, request.headers.get("host") ?? url.host, url.pathname);
  const response =
    route.kind === "serve"
      ? await serve()
      : new Response(route.kind === "tell" ? `${route.sentence}\n` : null, {
          status: route.kind === "tell" ? route.status : 404,
          headers: { "content-type": "text/plain; charset=utf-8" },
        });
  const { secure } = settings;
  const policy = contentSecurityPolicy({ place: "data", nonce: "", secure, dev: false, issuer: null });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(securityHeaders({ place: "data", secure })))
    response.headers.set(name, value);
  return response;
}
