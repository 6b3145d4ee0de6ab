import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { config as settings } from "@/lib/config/config";
import { routeOf } from "@/lib/http/hosts";
import { contentSecurityPolicy, type Place, securityHeaders } from "@/lib/http/security-headers";

/**
 * Before every request: which host it means, and the headers its answer carries. It decides nothing about authority: pages,
 * actions and the API ask for themselves who is there (lib/auth/context.ts).
 */
export function proxy(request: NextRequest): NextResponse {
  const config = settings();
  const path = request.nextUrl.pathname;
  const route = routeOf(config, request.headers.get("host"), path);
  const { secure } = config;

  if (route.kind === "tell") {
    return new NextResponse(`${route.sentence}\n`, {
      status: route.status,
      headers: { "content-type": "text/plain; charset=utf-8", ...securityHeaders({ place: "data", secure }) },
    });
  }

  const place = placeOf(route.site, path);
  const nonce = place === "data" ? "" : randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy({
    place,
    nonce,
    secure,
    dev: process.env.NODE_ENV === "development",
    issuer: config.oidc ? new URL(config.oidc.issuer).origin : null,
  });
  const headers = new Headers(request.headers);
  // Next puts the nonce that it finds here on its own scripts and styles.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-countersign-path", path + request.nextUrl.search);
  // The session belongs to the portal; a cookie that reaches another of its hosts by some misconfiguration is not used there.
  if (route.site === "sign" || route.site === "log") headers.delete("cookie");

  const response =
    route.kind === "rewrite"
      ? NextResponse.rewrite(new URL(route.path + request.nextUrl.search, request.url), { request: { headers } })
      : NextResponse.next({ request: { headers } });
  // The signing page brings a policy of its own, by the hashes of its script and style (lib/signing/page/document.ts).
  if (place !== "sign") response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(securityHeaders({ place, secure }))) response.headers.set(name, value);
  return response;
}

function placeOf(site: "portal" | "sign" | "log" | "any", path: string): Place {
  if (site === "log" || site === "any" || path.startsWith("/api/") || path.startsWith("/.well-known/")) return "data";
  if (site === "sign") return "sign";
  return path === "/sign-in" ? "sign-in" : "page";
}

/** Files of the build carry no authority and are the same on every host; the API does this part itself (lib/http/api-route.ts). */
export const config = { matcher: ["/((?!api/v1/|_next/static|_next/image|favicon.ico|icon.svg).*)"] };
