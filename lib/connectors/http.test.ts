import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { allowedAddress } from "./guard";
import { httpClient, retryAfter } from "./http";

let server: Server | null = null;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

async function serve(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}/prefix`;
}

const quick = { tries: 3, pauseMs: 1, timeoutMs: 300, budgetMs: 3000, maxBytes: 1000 };
const shape = z.object({ n: z.number() });
const read = (base: string, limits = {}) => {
  const client = httpClient("MLflow", base, { authorization: "Bearer s3cret" }, { ...quick, ...limits });
  return client.json({ method: "GET", path: "/x?a=1" }, shape).finally(client.close);
};

test("reads JSON below the prefix of the address, with the secret in the header", async () => {
  const base = await serve((request, response) => {
    expect(request.url).toBe("/prefix/x?a=1");
    expect(request.headers.authorization).toBe("Bearer s3cret");
    response.setHeader("content-type", "application/json").end('{"n":1}');
  });
  expect(await read(base)).toEqual({ n: 1 });
});

test.each([500, 503, 429])("tries again after %i", async (status) => {
  let calls = 0;
  const base = await serve((_request, response) => {
    calls++;
    if (calls < 3) response.writeHead(status, { "retry-after": "0" }).end("busy");
    else response.end('{"n":2}');
  });
  expect(await read(base)).toEqual({ n: 2 });
});

test("a 403 that only says the limit is used up is tried again when it is lifted", async () => {
  let calls = 0;
  const base = await serve((_request, response) => {
    const reset = String(Math.floor(Date.now() / 1000));
    if (++calls < 3) response.writeHead(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }).end("{}");
    else response.end('{"n":2}');
  });
  expect(await read(base)).toEqual({ n: 2 });
});

test("any other 403 is a denial", async () => {
  const base = await serve((_request, response) =>
    response.writeHead(403, { "x-ratelimit-remaining": "41" }).end("{}"),
  );
  await expect(read(base)).rejects.toMatchObject({ kind: "forbidden" });
});

test("a pause that Retry-After asks for and the budget forbids ends the attempts", async () => {
  const base = await serve((_request, response) => response.writeHead(429, { "retry-after": "600" }).end());
  await expect(read(base)).rejects.toMatchObject({ kind: "budget", status: 429 });
});

test("a write that may not be repeated is sent once", async () => {
  let calls = 0;
  const base = await serve((_request, response) => {
    calls++;
    response.writeHead(503).end();
  });
  const client = httpClient("MLflow", base, {}, quick);
  await expect(client.json({ method: "POST", path: "/x", body: {} }, shape)).rejects.toMatchObject({ kind: "server" });
  client.close();
  expect(calls).toBe(1);
});

test.each<[string, RequestListener, string, RegExp]>([
  [
    "an HTML page",
    (_q, r) => r.setHeader("content-type", "text/html").end("<html>Sign in"),
    "html",
    /HTML \(a login page\?\)/,
  ],
  ["broken JSON", (_q, r) => r.end('{"n":'), "json", /not JSON/],
  ["a wrong shape", (_q, r) => r.end('{"n":"one"}'), "shape", /unexpected shape: n: /],
  ["too much", (_q, r) => r.end("x".repeat(5000)), "too_large", /more than 1000 bytes/],
  [
    "a cut answer",
    (_q, r) => {
      r.writeHead(200, { "content-length": "100" });
      r.write("{");
      r.socket?.destroy();
    },
    "truncated",
    /bro/,
  ],
  ["silence", () => undefined, "timeout", /did not answer within 0\.3 s/],
  [
    "a redirect elsewhere",
    (_q, r) => r.writeHead(302, { location: "https://login.example.com/a" }).end(),
    "redirect",
    /login\.example\.com/,
  ],
  ["401", (_q, r) => r.writeHead(401).end(), "unauthorized", /credentials/],
  [
    "403",
    (_q, r) => r.writeHead(403, { "content-type": "application/json" }).end('{"message":"needs READ"}'),
    "forbidden",
    /It says: "needs READ"/,
  ],
  ["404", (_q, r) => r.writeHead(404).end(), "not_found", /path prefix/],
])("%s becomes a fault that names the remedy and never the secret", async (_what, listener, kind, words) => {
  const base = await serve(listener);
  const fault = await read(base, { tries: 1 }).catch((error: unknown) => error);
  expect(fault).toMatchObject({ kind, code: "upstream", message: expect.stringMatching(words) });
  expect(String(fault)).not.toContain("s3cret");
});

test("a refused token is renewed once, even for what may not be repeated; a second refusal is the answer", async () => {
  const seen: string[] = [];
  const base = await serve((request, response) => {
    seen.push(`${request.headers.authorization} ${request.headers["content-type"]}`);
    if (request.headers.authorization === "Bearer new") response.end('{"n":1}');
    else response.writeHead(401).end();
  });
  const asked: boolean[] = [];
  const sign = (tokens: readonly [string, string]) =>
    httpClient(
      "Vertex AI",
      base,
      async ({ method, body }, renew) => {
        asked.push(renew);
        expect(`${method} ${body}`).toBe("POST a=1+2");
        return { authorization: `Bearer ${tokens[renew ? 1 : 0]}` };
      },
      quick,
    );
  const call = { method: "POST" as const, path: "/x", body: new URLSearchParams({ a: "1 2" }) };
  const good = sign(["old", "new"]);
  expect(await good.json(call, shape)).toEqual({ n: 1 });
  expect(asked).toEqual([false, true]);
  expect(seen[1]).toBe("Bearer new application/x-www-form-urlencoded");
  good.close();
  const bad = sign(["old", "older"]);
  await expect(bad.json(call, shape)).rejects.toMatchObject({ kind: "unauthorized" });
  expect(seen).toHaveLength(4);
  bad.close();
});

test("says how far the server's clock is ahead", async () => {
  const base = await serve((_request, response) => {
    response.setHeader("date", new Date(Date.now() + 600_000).toUTCString()).end('{"n":1}');
  });
  const client = httpClient("Amazon SageMaker", base, {}, quick);
  expect(client.skewMs()).toBeNull();
  await client.json({ method: "GET", path: "/x" }, shape);
  expect(client.skewMs()).toBeGreaterThan(590_000);
  client.close();
});

test.each<[string, number, unknown, object]>([
  [
    "AWS",
    400,
    {
      __type: "com.amazon.coral.service#AccessDeniedException",
      Message: "User: arn:aws:iam::1:user/x is not authorized to perform: sagemaker:ListModelPackages on resource: *",
    },
    { kind: "forbidden", permission: "sagemaker:ListModelPackages" },
  ],
  ["AWS", 400, { __type: "ThrottlingException", message: "Rate exceeded" }, { kind: "rate_limited" }],
  ["AWS", 400, { __type: "ExpiredTokenException", message: "expired" }, { kind: "unauthorized" }],
  ["AWS", 400, { __type: "ValidationException", message: "no such group" }, { kind: "rejected" }],
  [
    "Google",
    403,
    {
      error: {
        code: 403,
        message: "Permission 'aiplatform.models.list' denied",
        status: "PERMISSION_DENIED",
        details: [
          { "@type": "type.googleapis.com/google.rpc.ErrorInfo", metadata: { permission: "aiplatform.models.list" } },
        ],
      },
    },
    { kind: "forbidden", upstreamCode: "PERMISSION_DENIED", permission: "aiplatform.models.list" },
  ],
  [
    "Azure",
    403,
    {
      error: {
        code: "AuthorizationFailed",
        message:
          "The client 'a' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/models/read' over scope '/s'.",
      },
    },
    {
      kind: "forbidden",
      upstreamCode: "AuthorizationFailed",
      permission: "Microsoft.MachineLearningServices/workspaces/models/read",
    },
  ],
  [
    "a system that names none",
    403,
    { code: 390, message: "Insufficient privileges." },
    { kind: "forbidden", upstreamCode: "390", permission: "USAGE ON DATABASE ML" },
  ],
  ["OAuth", 400, { error: "invalid_client", error_description: "wrong secret" }, { kind: "unauthorized" }],
])(
  "what %s says with %i becomes the kind it means and the permission it names",
  async (_who, status, body, expected) => {
    const base = await serve((_request, response) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body)),
    );
    const client = httpClient("It", base, {}, { ...quick, tries: 1 });
    const call = { method: "GET" as const, path: "/x", permission: "USAGE ON DATABASE ML" };
    await expect(client.json(call, shape)).rejects.toMatchObject(expected);
    client.close();
  },
);

test("a server that is not there", async () => {
  await expect(read("http://127.0.0.1:9", { tries: 1 })).rejects.toMatchObject({ kind: "unreachable" });
});

test.each([
  ["file:///etc/passwd"],
  ["http://user:pw@host"],
  ["http://169.254.169.254/latest"],
  ["http://[fe80::1]/"],
  ["http://[::ffff:169.254.169.254]/"],
  ["not an address"],
])("%s is no address for a connection", (address) => {
  expect(() => httpClient("MLflow", address, {})).toThrow(expect.objectContaining({ kind: "blocked" }));
});

test.each<[string, boolean]>([
  ["10.0.0.8", true],
  ["192.168.1.4", true],
  ["127.0.0.1", true],
  ["::1", true],
  ["8.8.8.8", true],
  ["169.254.169.254", false],
  ["0.0.0.0", false],
  ["::ffff:169.254.169.254", false],
  ["::ffff:a9fe:a9fe", false],
  ["64:ff9b::a9fe:a9fe", false],
  ["fd00:ec2::254", false],
  ["fe80::1%eth0", false],
  ["localhost", false],
])("address %s: allowed %s", (address, allowed) => {
  expect(allowedAddress(address)).toBe(allowed);
});

test("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-11-20T10:00:00Z");
  expect(retryAfter("7", now)).toBe(7000);
  expect(retryAfter("Fri, 20 Nov 2026 10:00:05 GMT", now)).toBe(5000);
  expect(retryAfter("soon", now)).toBeNull();
});
