import "server-only";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { gunzip } from "node:zlib";
import type { z } from "zod";
import { cutOff, networkFault, parseJson, refused, seconds, unpackFault } from "./answer";
import { type FaultKind, UpstreamFault } from "./fault";
import { allowedAddress, guardedLookup, publicAddress, publicLookup } from "./guard";

/** How long to wait and how often to try again. Milliseconds and bytes. */
export type HttpLimits = {
  /** One attempt, from connecting to the last byte. */
  timeoutMs: number;
  /** Attempts in all; only what may be repeated safely is repeated. */
  tries: number;
  /** First pause; it doubles, with full jitter, up to the cap. */
  pauseMs: number;
  pauseCapMs: number;
  /** Everything together, pauses included. */
  budgetMs: number;
  maxBytes: number;
  /** Refuses addresses inside the organisation too: for what people other than administrators name. */
  publicOnly: boolean;
};

export const defaultLimits: HttpLimits = {
  timeoutMs: 30_000,
  tries: 8,
  pauseMs: 500,
  pauseCapMs: 60_000,
  budgetMs: 15 * 60_000,
  maxBytes: 64 * 1024 * 1024,
  publicOnly: false,
};

export type Call = {
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Path below the base address, with its query. */
  path: string;
  /** Sent as JSON; a URLSearchParams as a form; a Buffer as it is, with a content-type among the headers. */
  body?: unknown;
  /** Headers of this call alone, over those of the client. */
  headers?: Readonly<Record<string, string>>;
  /** What this call is in the system's own words, where method and path do not tell, e.g. ListModelPackages. */
  what?: string;
  /** What the system itself calls the permission that this call needs, e.g. sagemaker:ListModelPackages. */
  permission?: string;
  /** Whether repeating it does no harm; GET always may. */
  repeatable?: boolean;
  accept?: string;
};

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

/** A request as it goes out, before the headers that authorize it. */
export type Outgoing = { method: string; url: URL; headers: Readonly<Record<string, string>>; body: Buffer | null };

/**
 * Makes the headers that authorize one attempt: a token that runs out, or a signature over the request. `renew` asks for a token
 * other than the one that was just refused.
 */
export type Authorize = (request: Outgoing, renew: boolean) => Promise<Readonly<Record<string, string>>>;

export type HttpClient = {
  /** Reads JSON and checks its shape; every other answer is an UpstreamFault. */
  json: <S extends z.ZodType>(call: Call, schema: S) => Promise<z.output<S>>;
  /** Reads bytes. */
  bytes: (call: Call, maxBytes?: number) => Promise<Answer>;
  /** How far the server's clock was ahead of ours at its last answer, in milliseconds, to the second; null: it did not say. */
  skewMs: () => number | null;
  close: () => void;
};

/**
 * A client for one connected system: bounded in time, size and attempts; retries 408, 425, 429, 5xx and broken connections with
 * jitter and honours Retry-After; follows redirects only within the same origin; never reaches a metadata address; and says what
 * went wrong in words. `headers` carry the secret and appear in no message; where they are made for each request, a refused token is
 * renewed once.
 */
export function httpClient(
  system: string,
  base: string,
  headers: Readonly<Record<string, string>> | Authorize,
  limits: Partial<HttpLimits> = {},
): HttpClient {
  const cap = { ...defaultLimits, ...limits };
  const root = parseBase(system, base, cap.publicOnly);
  const name = `${system} at ${root.origin}${root.pathname.replace(/\/$/, "")}`;
  const agent = new (root.protocol === "https:" ? https : http).Agent({ keepAlive: true, maxSockets: 16 });
  const authorize: Authorize = typeof headers === "function" ? headers : async () => headers;
  const context: Context = { name, root, authorize, renews: typeof headers === "function", cap, agent, skewMs: null };

  return {
    json: async (call, schema) => {
      const answer = await attempts(context, { accept: "application/json", ...call }, cap.maxBytes);
      return parseJson(name, call, answer, schema);
    },
    bytes: (call, maxBytes = cap.maxBytes) => attempts(context, call, maxBytes),
    skewMs: () => context.skewMs,
    close: () => agent.destroy(),
  };
}

type Context = {
  name: string;
  root: URL;
  authorize: Authorize;
  renews: boolean;
  cap: HttpLimits;
  agent: http.Agent;
  skewMs: number | null;
};

function parseBase(system: string, base: string, publicOnly: boolean): URL {
  let url: URL;
  try {
    url = new URL(base);
  } catch (cause) {
    throw new UpstreamFault(
      "blocked",
      `"${base}" is no address. Give one as in https://mlflow.example.com.`,
      null,
      null,
      cause,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UpstreamFault("blocked", `${system} is reached by http or https, not ${url.protocol.replace(":", "")}.`);
  if (url.username || url.password)
    throw new UpstreamFault(
      "blocked",
      "Leave user name and password out of the address; give them in their own fields.",
    );
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (publicOnly && isIP(host) && !publicAddress(host))
    throw new UpstreamFault(
      "blocked",
      `${host} is an address inside the organisation, which may not be read from here.`,
    );
  if (isIP(host) && !allowedAddress(host))
    throw new UpstreamFault("blocked", `${host} is a link-local or reserved address, which no connection may reach.`);
  return url;
}

async function attempts(context: Context, call: Call, maxBytes: number): Promise<Answer> {
  const { cap, name } = context;
  const until = performance.now() + cap.budgetMs;
  const repeatable = call.method === "GET" || call.repeatable === true;
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    let failure: UpstreamFault;
    let after: number | null = null;
    try {
      const answer = await follow(context, call, maxBytes, Math.max(1, until - performance.now()), renewed);
      if (answer.status < 400) return answer;
      after =
        retryAfter(answer.headers["retry-after"], Date.now()) ??
        (answer.headers["x-ratelimit-remaining"] === "0"
          ? resetAfter(answer.headers["x-ratelimit-reset"], Date.now())
          : null);
      failure = refused(name, call, answer);
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      failure = error;
    }
    // A refused token was not acted on, so even what may not be repeated may be sent again with a new one.
    if (failure.kind === "unauthorized" && context.renews && !renewed) {
      renewed = true;
      continue;
    }
    if (!repeatable || !transient(failure) || attempt >= cap.tries) throw failure;
    const pause = after ?? Math.random() * Math.min(cap.pauseCapMs, cap.pauseMs * 2 ** (attempt - 1));
    if (performance.now() + pause > until) {
      throw new UpstreamFault(
        "budget",
        `${failure.message} Gave up after ${attempt} attempt${attempt > 1 ? "s" : ""}: the next would come too late.`,
        failure.status,
        failure.upstreamCode,
        failure,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const transientKinds: readonly FaultKind[] = ["unreachable", "timeout", "rate_limited", "server", "truncated"];
const transient = (fault: UpstreamFault): boolean => transientKinds.includes(fault.kind);

/** Seconds or an HTTP date, as milliseconds from `now`; null when absent or unreadable. */
export function retryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** Seconds since 1970 at which a limit is lifted, as milliseconds from `now`; null when absent or unreadable. */
function resetAfter(value: string | string[] | undefined, now: number): number | null {
  return typeof value === "string" && /^\d{9,11}$/.test(value) ? Math.max(0, Number(value) * 1000 - now) : null;
}

async function follow(context: Context, call: Call, maxBytes: number, leftMs: number, renew: boolean): Promise<Answer> {
  const prefix = context.root.pathname.replace(/\/$/, "");
  let url = new URL(prefix + call.path, context.root.origin);
  for (let hops = 0; ; hops++) {
    const request = outgoing(call, url);
    const headers = { ...request.headers, ...(await context.authorize(request, renew)) };
    const answer = await once(context, call, { ...request, headers }, maxBytes, leftMs);
    context.skewMs = skewOf(answer.headers.date, Date.now());
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status >= 400 || !location) return answer;
    const next = new URL(location, url);
    if (next.origin !== context.root.origin || call.method !== "GET" || hops >= 3) {
      throw new UpstreamFault(
        "redirect",
        `${context.name} redirects to ${next.origin}${next.pathname} (a sign-in page?). Connect to the address that serves the API itself, with credentials it accepts.`,
        answer.status,
      );
    }
    url = next;
  }
}

function outgoing(call: Call, url: URL): Outgoing {
  const form = call.body instanceof URLSearchParams;
  const body =
    call.body === undefined
      ? null
      : Buffer.isBuffer(call.body)
        ? call.body
        : Buffer.from(form ? String(call.body) : JSON.stringify(call.body));
  const type = form ? "application/x-www-form-urlencoded" : "application/json";
  return {
    method: call.method,
    url,
    headers: {
      accept: call.accept ?? "*/*",
      "accept-encoding": "identity",
      "user-agent": "countersign",
      ...(body ? { "content-type": type, "content-length": String(body.length) } : {}),
      ...call.headers,
    },
    body,
  };
}

/** A Date header counts whole seconds, so a difference below one says nothing. */
function skewOf(date: string | undefined, now: number): number | null {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return null;
  const skew = at - now;
  return Math.abs(skew) < 1000 ? 0 : skew;
}

function once(
  context: Context,
  call: Call,
  { method, url, headers, body }: Outgoing,
  maxBytes: number,
  leftMs: number,
): Promise<Answer> {
  const { name, agent, cap } = context;
  const timeout = Math.min(cap.timeoutMs, leftMs);
  return new Promise<Answer>((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(
      url,
      { method, agent, lookup: cap.publicOnly ? publicLookup : guardedLookup, headers },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size <= maxBytes) {
            chunks.push(chunk);
            return;
          }
          fail(
            new UpstreamFault(
              "too_large",
              `${name} answered ${call.path.split("?")[0]} with more than ${maxBytes} bytes.`,
            ),
          );
          request.destroy();
        });
        response.on("end", () => {
          clearTimeout(timer);
          if (!response.complete) return reject(cutOff(name, size));
          const { headers } = response;
          const body = Buffer.concat(chunks);
          if (headers["content-encoding"] !== "gzip")
            return resolve({ status: response.statusCode ?? 0, headers, body });
          // Some systems compress without being asked, as Snowflake does the later parts of a result.
          gunzip(body, { maxOutputLength: maxBytes }, (error, plain) =>
            error
              ? reject(unpackFault(name, error, maxBytes))
              : resolve({ status: response.statusCode ?? 0, headers, body: plain }),
          );
        });
        response.on("error", (error) => fail(error));
      },
    );
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(networkFault(name, error, timeout));
    };
    const timer = setTimeout(
      () =>
        request.destroy(
          new UpstreamFault(
            "timeout",
            `${name} did not answer within ${seconds(timeout)}. Is it overloaded, or behind a firewall?`,
          ),
        ),
      timeout,
    );
    request.on("error", fail);
    request.end(body ?? undefined);
  });
}
