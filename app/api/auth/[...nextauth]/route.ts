import type { NextRequest } from "next/server";
import { nextAuth } from "@/lib/auth/next-auth";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { problemResponse } from "@/lib/http/problem";

/** The steps of single sign-on between this portal and its identity provider. */
async function handle(request: NextRequest, method: "GET" | "POST"): Promise<Response> {
  const auth = nextAuth();
  if (auth) return auth.handlers[method](request);
  return problemResponse(new Refusal("not_found", "No identity provider is configured. Set OIDC_ISSUER."), newId());
}

export const GET = (request: NextRequest): Promise<Response> => handle(request, "GET");
export const POST = (request: NextRequest): Promise<Response> => handle(request, "POST");
