import { logFault } from "@/lib/core/log-line";
import { RateLimited, Refusal, refusalStatus } from "@/lib/core/refusal";

/** Problem details (RFC 9457) with the refusal's code and the fields at fault. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  faults?: readonly { field: string; message: string }[];
};

const titles: Record<keyof typeof refusalStatus, string> = {
  invalid: "The request is not valid",
  unauthenticated: "Sign in first",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "In conflict with the present state",
  gone: "No longer available",
  too_large: "Too large",
  unsupported: "Media type not supported",
  rate_limited: "Too many requests",
  upstream: "A connected system failed",
  unavailable: "Temporarily not available",
};

/** The problem that a thrown value stands for. A fault of ours is logged with the request id and says no more than that. */
export function problemOf(error: unknown, requestId: string): Problem {
  const instance = `urn:countersign:request:${requestId}`;
  if (error instanceof Refusal) {
    return {
      type: `urn:countersign:problem:${error.code}`,
      title: titles[error.code],
      status: refusalStatus[error.code],
      detail: error.message,
      instance,
      ...(error.faults.length > 0 ? { faults: error.faults } : {}),
    };
  }
  logFault(error, requestId);
  return {
    type: "urn:countersign:problem:fault",
    title: "Something went wrong on our side",
    status: 500,
    detail: `Nothing was changed. Quote request ${requestId} when you report this.`,
    instance,
  };
}

export function problemResponse(error: unknown, requestId: string): Response {
  const problem = problemOf(error, requestId);
  const headers: Record<string, string> = { "content-type": "application/problem+json", "x-request-id": requestId };
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="countersign"';
  if (error instanceof RateLimited) headers["retry-after"] = String(error.seconds);
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
