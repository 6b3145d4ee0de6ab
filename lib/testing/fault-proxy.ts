import http from "node:http";

export type FaultMode =
  | "pass"
  | "down"
  | "silent"
  | "500"
  | "429"
  | "html"
  | "truncated"
  | "wrong shape"
  | "broken json"
  | "401"
  | "403";

/** A request as the proxy sees it; its body is read whole. */
export type Asked = { method: string; url: URL; headers: http.IncomingHttpHeaders; body: string };

/** What is done to one exchange. `answer` is given instead of asking the server; `path` and `body` are asked for instead. */
export type Meddling = {
  answer?: { status: number; headers?: Record<string, string>; body?: string; cutAfter?: number; delayMs?: number };
  url?: URL;
  body?: string;
  /** Changes a JSON answer. */
  change?: (answer: unknown) => unknown;
};

export type FaultProxy = {
  /** Decides what happens to a request; null: nothing. */
  meddle: (asked: Asked) => Meddling | null;
  /** Milliseconds that the answers' Date is ahead. */
  skewMs: number;
  url: string;
  mode: FaultMode;
  /** Passes this many more requests before the mode sets in. */
  after: number;
  requests: number;
  close: () => Promise<void>;
};

/** An HTTP proxy in front of a real server that can make it fail in the ways that servers fail. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target);
  const server = http.createServer((request, response) => {
    proxy.requests++;
    if (proxy.mode !== "pass" && proxy.after-- <= 0) {
      spoil(proxy.mode, request, response);
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => pass(upstream, proxy, request, Buffer.concat(parts).toString("utf8"), response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    mode: "pass",
    after: 0,
    requests: 0,
    meddle: () => null,
    skewMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

function pass(
  upstream: URL,
  proxy: FaultProxy,
  request: http.IncomingMessage,
  body: string,
  response: http.ServerResponse,
): void {
  const asked: Asked = {
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", upstream),
    headers: request.headers,
    body,
  };
  const what = proxy.meddle(asked) ?? {};
  const date = proxy.skewMs === 0 ? {} : { date: new Date(Date.now() + proxy.skewMs).toUTCString() };
  if (what.answer) {
    const { status, headers = {}, body: text = "", cutAfter, delayMs = 0 } = what.answer;
    const send = () => {
      response.writeHead(status, { ...headers, ...date, "content-length": String(Buffer.byteLength(text)) });
      if (cutAfter === undefined) return void response.end(text);
      response.write(text.slice(0, cutAfter));
      setImmediate(() => response.destroy());
    };
    if (delayMs === 0) send();
    else setTimeout(send, delayMs).unref();
    return;
  }
  const url = what.url ?? asked.url;
  const sent = what.body ?? body;
  const { "content-length": _, "transfer-encoding": __, ...headers } = request.headers;
  const forward = http.request(
    {
      host: upstream.hostname,
      port: upstream.port,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        ...headers,
        host: upstream.host,
        // What the caller asked for: it may have signed it.
        "x-forwarded-host": request.headers.host,
        ...(sent ? { "content-length": String(Buffer.byteLength(sent)) } : {}),
      },
    },
    (answer) => {
      if (!what.change) {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...date });
        answer.pipe(response);
        return;
      }
      const { change } = what;
      const got: Buffer[] = [];
      answer.on("data", (part: Buffer) => got.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(got).toString("utf8");
        const changed = answer.statusCode === 200 ? JSON.stringify(change(JSON.parse(text))) : text;
        const { "content-length": _length, "transfer-encoding": _encoding, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {
          ...kept,
          ...date,
          "content-length": String(Buffer.byteLength(changed)),
        });
        response.end(changed);
      });
    },
  );
  forward.on("error", () => response.destroy());
  forward.end(sent || undefined);
}

function spoil(mode: FaultMode, request: http.IncomingMessage, response: http.ServerResponse): void {
  request.resume();
  const json = { "content-type": "application/json" };
  switch (mode) {
    case "down":
      response.destroy();
      return;
    case "silent":
      return;
    case "500":
      response.writeHead(500, json).end('{"error_code":"INTERNAL_ERROR","message":"database is locked"}');
      return;
    case "429":
      response.writeHead(429, { "retry-after": "0" }).end();
      return;
    case "401":
      response.writeHead(401).end();
      return;
    case "403":
      response
        .writeHead(403, json)
        .end('{"error_code":"PERMISSION_DENIED","message":"READ on the registry is missing"}');
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Sign in</title>");
      return;
    case "truncated":
      response.writeHead(200, { ...json, "content-length": "5000" });
      response.write('{"model_versions":[');
      setImmediate(() => response.destroy());
      return;
    case "wrong shape":
      response.writeHead(200, json).end('{"registered_models":[{"title":"x"}],"model_versions":"none"}');
      return;
    case "broken json":
      response.writeHead(200, json).end('{"model_versions":[}');
      return;
    case "pass":
      return;
  }
}
