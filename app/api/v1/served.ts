import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { config } from "@/lib/config/config";
import { route } from "./asking";

/**
 * The REST API of `openApi()` on a port of this machine, for programs that speak HTTP: the command line, scripts of pipelines.
 * `instead` may answer a request in its place, as a proxy or a portal at its limits would.
 */
export async function served() {
  const asked: { what: string; at: number }[] = [];
  const state: { instead: (what: string) => Response | null | Promise<null> } = { instead: () => null };
  const server = createServer(async (incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url?.split("?")[0]}`;
    asked.push({ what, at: performance.now() });
    const response = (await state.instead(what)) ?? (await route(await requestOf(incoming)));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("No port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    state,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { host: _host, connection: _connection, "transfer-encoding": _chunked, ...headers } = incoming.headers;
  const body = await buffer(incoming);
  return new Request(new URL(incoming.url ?? "/", config().publicUrl), {
    method: incoming.method ?? "GET",
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[name, value]] : [],
    ),
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
}
