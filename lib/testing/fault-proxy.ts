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

export type FaultProxy = {
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
    const forward = http.request(
      {
        host: upstream.hostname,
        port: upstream.port,
        path: request.url,
        method: request.method,
        headers: { ...request.headers, host: upstream.host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on("error", () => response.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    mode: "pass",
    after: 0,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
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
