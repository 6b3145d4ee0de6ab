import http from "node:http";
import { gzipSync } from "node:zlib";

/** What a fake registry holds, in no vendor's form. A fake renders it as its vendor would. */
export type Scene = {
  models: SceneModel[];
  endpoints: { name: string; slots: { slot: string; model: string; version: string; percent: number }[] }[];
};
export type SceneModel = {
  name: string;
  description: string;
  tags: Record<string, string>;
  versions: {
    version: string;
    /** ms since 1970 */
    created: number;
    aliases: string[];
    commit: string | null;
    digest: string | null;
    /** Rendered so that it cannot be understood. */
    bad?: boolean;
  }[];
};

export type Fault = "429 seconds" | "429 date" | "500" | "truncated" | "slow" | "expired" | "denied";

export type FakeRequest = {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  body: string;
};
/** `list` marks a page that may be emptied while its token stays. */
export type FakeAnswer = { status: number; json: unknown; gzip?: boolean; headers?: Readonly<Record<string, string>> };

/** How a fake behaves; a test turns the switches. */
export type Switches = {
  /** Records in a page, whatever is asked for. */
  pageSize: number;
  /** Each list begins with a page that is empty and not the last. */
  emptyPages: boolean;
  /** Lists give records twice, and not in their order. */
  shuffled: boolean;
  /** The server's clock, ahead of ours. */
  skewMs: number;
  /** What the next requests meet, in turn, before they are answered. */
  faults: Fault[];
  /** Denies whatever this matches, as one who lacks the permission. */
  denied: RegExp | null;
};

export type Fake = Switches & {
  url: string;
  scene: Scene;
  requests: number;
  close: () => Promise<void>;
};

/** What makes a fake a vendor's. */
export type Vendor = {
  /** Null: the request is authorized. Called before anything else is looked at. */
  authorize: (request: FakeRequest, fake: Fake) => FakeAnswer | null;
  answer: (request: FakeRequest, fake: Fake) => FakeAnswer;
  /** How it says that a token ran out, that something is denied, that it is too much, and that it failed. */
  expired: (request: FakeRequest) => FakeAnswer;
  denied: (request: FakeRequest) => FakeAnswer;
  throttled: FakeAnswer;
  failed: FakeAnswer;
  /** What a switch like `denied` matches against. */
  nameOf: (request: FakeRequest) => string;
  /** Requests that faults leave alone: those for a token. */
  spared?: (request: FakeRequest) => boolean;
};

export async function startFake(scene: Scene, vendor: Vendor): Promise<Fake> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const host = request.headers["x-forwarded-host"] ?? request.headers.host;
      const url = new URL(request.url ?? "/", `http://${String(host)}`);
      const headers = { ...request.headers, host: url.host };
      serve({ method: request.method ?? "GET", url, headers, body }, response);
    });
  });
  const serve = (request: FakeRequest, response: http.ServerResponse) => {
    fake.requests++;
    response.sendDate = false;
    response.setHeader("date", new Date(Date.now() + fake.skewMs).toUTCString());
    const refused = vendor.authorize(request, fake);
    if (refused) return send(response, refused);
    const fault = vendor.spared?.(request) ? undefined : fake.faults.shift();
    if (fault === "expired") return send(response, vendor.expired(request));
    if (fault === "denied" || fake.denied?.test(vendor.nameOf(request))) return send(response, vendor.denied(request));
    if (fault === "500") return send(response, vendor.failed);
    if (fault === "429 seconds" || fault === "429 date") {
      response.setHeader("retry-after", fault === "429 date" ? new Date(Date.now()).toUTCString() : "0");
      return send(response, vendor.throttled);
    }
    const answer = vendor.answer(request, fake);
    if (fault === "truncated") {
      const text = JSON.stringify(answer.json);
      response.writeHead(answer.status, { "content-type": type, "content-length": text.length });
      response.write(text.slice(0, text.length / 2));
      setImmediate(() => response.destroy());
      return;
    }
    if (fault === "slow") {
      // Its beginning comes at once and its end never does.
      response.writeHead(answer.status, { "content-type": type });
      response.write("{");
      return;
    }
    send(response, answer);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  const fake: Fake = {
    url: `http://127.0.0.1:${address.port}`,
    scene,
    pageSize: 100,
    emptyPages: false,
    shuffled: false,
    skewMs: 0,
    faults: [],
    denied: null,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

const type = "application/json; charset=utf-8";

function send(response: http.ServerResponse, { status, json, gzip, headers = {} }: FakeAnswer): void {
  const text = Buffer.from(JSON.stringify(json));
  response.writeHead(status, { ...headers, "content-type": type, ...(gzip ? { "content-encoding": "gzip" } : {}) });
  response.end(gzip ? gzipSync(text) : text);
}

/** A page of a list as the switches want it; the token is where the next one begins. */
export function pageOf<T>(
  all: readonly T[],
  token: string | null | undefined,
  asked: number,
  fake: Switches,
): { items: T[]; next: string | null } {
  const list = fake.shuffled ? [...all].reverse().flatMap((item) => [item, item]) : all;
  if (fake.emptyPages && !token) return { items: [], next: "at-0" };
  const at = Number(/^at-(\d+)$/.exec(token ?? "at-0")?.[1] ?? Number.NaN);
  if (Number.isNaN(at)) throw new Error(`No such page token: ${token}`);
  const size = Math.max(1, Math.min(asked, fake.pageSize));
  const end = at + size;
  return { items: list.slice(at, end), next: end < list.length ? `at-${end}` : null };
}
