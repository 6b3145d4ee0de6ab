import "server-only";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import type { z } from "zod";
import { type FaultKind, UpstreamFault } from "./fault";
import { allowedAddress, BlockedAddress, guardedLookup } from "./guard";

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
};

export const defaultLimits: HttpLimits = {
  timeoutMs: 30_000,
  tries: 8,
  pauseMs: 500,
  pauseCapMs: 60_000,
  budgetMs: 15 * 60_000,
  maxBytes: 64 * 1024 * 1024,
};

export type Call = {
  method: "GET" | "POST" | "DELETE" | "PATCH";
  /** Path below the base address, with its query. */
  path: string;
  body?: unknown;
  /** Whether repeating it does no harm; GET always may. */
  repeatable?: boolean;
  accept?: string;
};

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

export type HttpClient = {
  /** Reads JSON and checks its shape; every other answer is an UpstreamFault. */
  json: <S extends z.ZodType>(call: Call, schema: S) => Promise<z.output<S>>;
  /** Reads bytes. */
  bytes: (call: Call, maxBytes?: number) => Promise<Answer>;
  close: () => void;
};

/**
 * A client for one connected system: bounded in time, size and attempts; retries 408, 425, 429, 5xx and broken connections with
 * jitter and honours Retry-After; follows redirects only within the same origin; never reaches a metadata address; and says what
 * went wrong in words. `headers` carry the secret and appear in no message.
 */
export function httpClient(
  system: string,
  base: string,
  headers: Readonly<Record<string, string>>,
  limits: Partial<HttpLimits> = {},
): HttpClient {
  const root = parseBase(system, base);
  const cap = { ...defaultLimits, ...limits };
  const name = `${system} at ${root.origin}${root.pathname.replace(/\/$/, "")}`;
  const agent = new (root.protocol === "https:" ? https : http).Agent({ keepAlive: true, maxSockets: 16 });
  const context: Context = { name, root, headers, cap, agent };

  return {
    json: async (call, schema) => {
      const answer = await attempts(context, { accept: "application/json", ...call }, cap.maxBytes);
      return parseJson(name, call, answer, schema);
    },
    bytes: (call, maxBytes = cap.maxBytes) => attempts(context, call, maxBytes),
    close: () => agent.destroy(),
  };
}

type Context = {
  name: string;
  root: URL;
  headers: Readonly<Record<string, string>>;
  cap: HttpLimits;
  agent: http.Agent;
};

function parseBase(system: string, base: string): URL {
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
  if (isIP(host) && !allowedAddress(host))
    throw new UpstreamFault("blocked", `${host} is a link-local or reserved address, which no connection may reach.`);
  return url;
}

async function attempts(context: Context, call: Call, maxBytes: number): Promise<Answer> {
  const { cap, name } = context;
  const until = performance.now() + cap.budgetMs;
  const repeatable = call.method === "GET" || call.repeatable === true;
  for (let attempt = 1; ; attempt++) {
    let failure: UpstreamFault;
    let after: number | null = null;
    try {
      const answer = await follow(context, call, maxBytes, Math.max(1, until - performance.now()));
      if (answer.status < 400) return answer;
      after = retryAfter(answer.headers["retry-after"], Date.now());
      failure = refused(name, call, answer);
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      failure = error;
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

async function follow(context: Context, call: Call, maxBytes: number, leftMs: number): Promise<Answer> {
  const prefix = context.root.pathname.replace(/\/$/, "");
  let url = new URL(prefix + call.path, context.root.origin);
  for (let hops = 0; ; hops++) {
    const answer = await once(context, call, url, maxBytes, leftMs);
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

function once(context: Context, call: Call, url: URL, maxBytes: number, leftMs: number): Promise<Answer> {
  const { name, agent, headers, cap } = context;
  const body = call.body === undefined ? null : Buffer.from(JSON.stringify(call.body));
  const timeout = Math.min(cap.timeoutMs, leftMs);
  return new Promise<Answer>((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(
      url,
      {
        method: call.method,
        agent,
        lookup: guardedLookup,
        headers: {
          ...headers,
          accept: call.accept ?? "*/*",
          "accept-encoding": "identity",
          "user-agent": "countersign",
          ...(body ? { "content-type": "application/json", "content-length": String(body.length) } : {}),
        },
      },
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
          if (response.complete)
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
          else reject(cutOff(name, size));
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

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const cutOff = (name: string, size: number) =>
  new UpstreamFault("truncated", `${name} broke off its answer after ${size} bytes. Does a proxy in between cut it?`);

function networkFault(name: string, error: unknown, timeout: number): UpstreamFault {
  if (error instanceof UpstreamFault) return error;
  if (error instanceof BlockedAddress)
    return new UpstreamFault(
      "blocked",
      `${name} resolves to a link-local or reserved address, which no connection may reach.`,
      null,
      null,
      error,
    );
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ECONNREFUSED")
    return new UpstreamFault(
      "unreachable",
      `${name} refuses the connection. Is the server running, and the port right?`,
      null,
      null,
      error,
    );
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new UpstreamFault(
      "unreachable",
      `The host of ${name} is not known. Check its spelling and the DNS of this machine.`,
      null,
      null,
      error,
    );
  if (code === "ETIMEDOUT")
    return new UpstreamFault(
      "timeout",
      `${name} did not answer within ${seconds(timeout)}. Is it behind a firewall?`,
      null,
      null,
      error,
    );
  if (/CERT|SSL|TLS|SIGNATURE|EPROTO|ERR_OSSL/.test(code))
    return new UpstreamFault(
      "tls",
      `The TLS connection to ${name} failed (${code}). ${code === "EPROTO" || code.includes("SSL") ? "Does it speak http rather than https?" : "Is its certificate valid, and its authority in NODE_EXTRA_CA_CERTS?"}`,
      null,
      null,
      error,
    );
  if (code === "ECONNRESET" || code === "EPIPE")
    return new UpstreamFault("truncated", `${name} broke the connection off.`, null, null, error);
  if (/^HPE_/.test(code))
    return new UpstreamFault(
      "unreachable",
      `${name} does not speak HTTP (${code}). Is the port right, and http against https?`,
      null,
      null,
      error,
    );
  return new UpstreamFault("unreachable", `${name} cannot be reached (${code || "network error"}).`, null, null, error);
}

/** The fault that an answer of 400 or more stands for. */
function refused(name: string, call: Call, { status, body, headers }: Answer): UpstreamFault {
  const said = ownWords(body, headers);
  const quote = said.message ? ` It says: "${said.message}"` : "";
  const path = call.path.split("?")[0];
  if (status === 401)
    return new UpstreamFault(
      "unauthorized",
      `${name} does not accept the credentials (401). Enter a valid user name and password, or token.`,
      status,
      said.code,
    );
  if (status === 403)
    return new UpstreamFault(
      "forbidden",
      `${name} denies ${call.method} ${path} (403). Give this account the permission for it.${quote}`,
      status,
      said.code,
    );
  if (status === 404)
    return new UpstreamFault(
      "not_found",
      `${name} knows no ${path} (404). Is the address right, with its path prefix?${quote}`,
      status,
      said.code,
    );
  if (status === 429)
    return new UpstreamFault("rate_limited", `${name} asks for fewer requests (429).`, status, said.code);
  if (status === 408 || status === 425 || status >= 500)
    return new UpstreamFault(
      "server",
      `${name} failed with ${status}. See that server's own log.${quote}`,
      status,
      said.code,
    );
  return new UpstreamFault(
    "rejected",
    `${name} rejects ${call.method} ${path} (${status}).${quote}`,
    status,
    said.code,
  );
}

/** `{error_code, message}` of an answer, at most one line of it; nothing of an HTML page. */
function ownWords(body: Buffer, headers: http.IncomingHttpHeaders): { code: string | null; message: string } {
  if (!/json/.test(headers["content-type"] ?? "")) return { code: null, message: "" };
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value !== "object" || value === null) return { code: null, message: "" };
    const code =
      "error_code" in value && (typeof value.error_code === "string" || typeof value.error_code === "number")
        ? String(value.error_code)
        : null;
    const message = "message" in value && typeof value.message === "string" ? value.message : "";
    return { code, message: (message.split("\n")[0] ?? "").slice(0, 200) };
  } catch {
    // An error page that claims to be JSON: the status says enough.
    return { code: null, message: "" };
  }
}

function parseJson<S extends z.ZodType>(name: string, call: Call, answer: Answer, schema: S): z.output<S> {
  const path = call.path.split("?")[0];
  const type = answer.headers["content-type"] ?? "";
  const text = answer.body.toString("utf8");
  if (/html/i.test(type) || /^\s*<(!doctype|html)/i.test(text))
    throw new UpstreamFault(
      "html",
      `${name} answered ${path} with HTML (a login page?) instead of JSON. Connect to the API's own address, with credentials it accepts.`,
      answer.status,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UpstreamFault(
      "json",
      `${name} answered ${path} with something that is not JSON (${answer.body.length} bytes, ${type || "no content type"}).`,
      answer.status,
      null,
      cause,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UpstreamFault(
    "shape",
    `${name} answered ${path} with an unexpected shape: ${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "unknown"}. Is it the system it should be, in a version we know?`,
    answer.status,
    null,
    parsed.error,
  );
}
