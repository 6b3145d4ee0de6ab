import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { validInput } from "@/lib/testing/inputs";
import { api, ask, json, known, type Method, notAProblem, offered, openApi, read, rowCounts, writing } from "./asking";

beforeAll(openApi);
afterAll(() => api.drop());

describe("a body", () => {
  const deep = (depth: number, open: string, close: string) =>
    `{"surprise":${open.repeat(depth)}1${close.repeat(depth)}}`;
  const bodies: [string, BodyInit, Record<string, string>, number][] = [
    ["that is an array", "[]", json, 400],
    ["that is text", '"text"', json, 400],
    ["that is null", "null", json, 400],
    ["that is cut off", '{"name":"x', json, 400],
    ["that is no JSON", "name=x", json, 400],
    ["that is not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), json, 400],
    ["that is UTF-16", Buffer.from('{"name":"x"}', "utf16le"), json, 400],
    ["nested 100 000 objects deep", deep(100_000, '{"a":', "}"), json, 400],
    ["nested 400 000 arrays deep", deep(400_000, "[", "]"), json, 400],
    ["with a field called __proto__", '{"__proto__":{"admin":true}}', json, 400],
    ["larger than 1 MB", `{"surprise":"${"x".repeat(1024 * 1024)}"}`, json, 413],
    ["as a form", "a=b", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["as text", "{}", { "content-type": "text/plain" }, 415],
    ["as something like JSON", "{}", { "content-type": "application/jsonx" }, 415],
    ["without a content type", new Uint8Array([0x7b, 0x7d]), {}, 415],
  ];
  test.each(bodies)(
    "%s is refused by every operation that takes one, and nothing is written",
    async (_what, body, headers, status) => {
      const before = await rowCounts();
      const wrong: string[] = [];
      for (const { http, operation, title } of writing) {
        const input = validInput(operation.spec, known);
        const where = http.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(input[key])));
        const answer = await read(await ask(http.method, where, { headers, body }));
        const fault = notAProblem(answer) ?? (answer.status === status ? null : `answered ${answer.status}`);
        if (fault) wrong.push(`${title}: ${fault}`);
      }
      expect(wrong).toEqual([]);
      expect(await rowCounts()).toEqual(before);
    },
    // Some two hundred operations read each body; the deep ones take a parser a tenth of a second each.
    120_000,
  );
});

describe("without authority", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["no token", { authorization: "" }, /Send the API token/],
    ["garbage", { authorization: "Bearer cs_garbage" }, /not known here/],
    ["another scheme", { authorization: "Basic YTpi" }, /Send the API token/],
    ["two words", { authorization: "Bearer a b" }, /Send the API token/],
    ["a token without end", { authorization: `Bearer ${"x".repeat(5000)}` }, /Send the API token/],
    ["an expired token", { authorization: "Bearer cs_test_expired" }, /has expired/],
    ["a revoked token", { authorization: "Bearer cs_test_revoked" }, /was revoked/],
  ])("%s: every operation answers 401 with what to send", async (_what, headers, words) => {
    const before = await rowCounts();
    const wrong: string[] = [];
    for (const { http, operation, title } of offered) {
      const input = validInput(operation.spec, known);
      const where = http.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(input[key])));
      const response = await ask(http.method, where, {
        headers: { ...json, ...headers },
        ...(http.method === "GET" ? {} : { body: "{}" }),
      });
      const challenge = response.headers.get("www-authenticate");
      const answer = await read(response);
      const fault = notAProblem(answer);
      if (fault || answer.status !== 401 || !words.test(String(answer.body.detail)) || !challenge?.startsWith("Bearer"))
        wrong.push(`${title}: ${fault ?? `${answer.status} ${answer.body.detail}`}`);
    }
    expect(wrong).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  test("what another unit's people may not see is answered as if it were not there", async () => {
    const headers = { authorization: `Bearer ${api.tokens.elsewhere}` };
    const { name } = known.model;
    for (const end of ["", "/versions", "/readiness", "/risk", "/facts"]) {
      const hidden = await read(await ask("GET", `/models/${name}${end}`, { headers }));
      const missing = await read(await ask("GET", `/models/${name}x${end}`, { headers }));
      expect([end, hidden.status, notAProblem(hidden)]).toEqual([end, 404, null]);
      expect(String(hidden.body.detail).replaceAll(name, "M")).toBe(
        String(missing.body.detail).replaceAll(`${name}x`, "M"),
      );
    }
    const hidden = await read(await ask("GET", `/releases/${known.release}`, { headers }));
    expect([hidden.status, notAProblem(hidden)]).toEqual([404, null]);
    const before = await rowCounts();
    const written = await ask("PATCH", `/models/${name}`, {
      headers: { ...headers, ...json },
      body: '{"revision":1,"team":"Mine now"}',
    });
    expect((await read(written)).status).toBe(404);
    expect(await rowCounts()).toEqual(before);
  });
});

describe("what is not there", () => {
  test.each<[Method, string]>([
    ["GET", "/nothing"],
    ["GET", "/models/no-such-model"],
    ["POST", "/reviews/REV-9999/submit"],
    ["GET", "/releases/REL-9999"],
    ["PATCH", "/models"],
    ["DELETE", "/log/entries"],
  ])("%s %s is a 404 in words", async (method, where) => {
    const answer = await read(await ask(method, where, method === "GET" ? {} : { headers: json, body: "{}" }));
    expect([notAProblem(answer), answer.status]).toEqual([null, answer.status === 400 ? 400 : 404]);
  });
});

describe("the gate", () => {
  const question = () => ({
    model: known.model.name,
    version: known.model.version,
    digest: known.model.digest,
    environment: "prod",
  });
  const put = (body: unknown) => ask("POST", "/gate/check", { headers: json, body: JSON.stringify(body) }).then(read);

  test.each<[string, object]>([
    ["a short digest", { digest: "abc" }],
    ["an environment of another planet", { environment: "moon" }],
    ["a nonce with spaces", { nonce: "a b c d e" }],
    ["a nonce of two letters", { nonce: "ab" }],
  ])("does not answer about %s", async (_what, more) => {
    const before = await rowCounts();
    const answer = await put({ ...question(), ...more });
    expect([answer.status, notAProblem(answer)]).toEqual([400, null]);
    expect(answer.faults).toEqual([Object.keys(more)[0]]);
    expect(await rowCounts()).toEqual(before);
  });

  test("denies what it does not know, with a signed answer", async () => {
    for (const more of [{ model: "no-such-model" }, { version: "9.9.9" }, { digest: "0".repeat(64) }]) {
      const answer = await put({ ...question(), ...more });
      expect(answer.status, JSON.stringify(answer.body)).toBe(403);
      expect(answer.body.decision).toBe("deny");
    }
  });
});

describe("a query", () => {
  test.each([
    ["/models?limit=10&limit=20", "limit"],
    ["/models?q=a&q=b", "q"],
    ["/evidence?limit=1&limit=2", "limit"],
    ["/models?__proto__=x", "__proto__"],
    ["/models?__proto__=x&__proto__=y", "__proto__"],
    ["/models?limit=1e9", "limit"],
    ["/models?limit=", "limit"],
    ["/models?limit=%00", "limit"],
  ])("%s is refused by name", async (url, field) => {
    const [where = "", query = ""] = url.split("?");
    const answer = await read(await ask("GET", where, { query: `?${query}` }));
    expect([answer.status, answer.faults]).toEqual([400, [field]]);
  });

  test("in broken UTF-8 finds nothing, and breaks nothing", async () => {
    const answer = await read(await ask("GET", "/models", { query: "?q=%ED%A0%80%ff" }));
    expect(answer.status).toBe(200);
  });
});

describe("an Idempotency-Key over HTTP", () => {
  const unit = (body: object, key: string) =>
    ask("POST", "/units", { headers: { ...json, "idempotency-key": key }, body: JSON.stringify(body) }).then(read);
  test("gives the same answer without a second write", async () => {
    const first = await unit({ slug: "once", name: "Once" }, "k-once");
    expect(first.status).toBe(201);
    const before = await rowCounts();
    expect(await unit({ slug: "once", name: "Once" }, "k-once")).toEqual(first);
    expect(await rowCounts()).toEqual(before);
  });

  test("with another body, or for another operation, is a conflict", async () => {
    await unit({ slug: "two", name: "Two" }, "k-two");
    const before = await rowCounts();
    const other = await unit({ slug: "three", name: "Three" }, "k-two");
    expect([other.status, other.faults, notAProblem(other)]).toEqual([409, ["Idempotency-Key"], null]);
    const elsewhere = await read(
      await ask("POST", "/people", {
        headers: { ...json, "idempotency-key": "k-two" },
        body: JSON.stringify({ name: "Two", email: "two@example.com" }),
      }),
    );
    expect(elsewhere.status).toBe(409);
    expect(await rowCounts()).toEqual(before);
  });

  test("after a refusal is still free", async () => {
    expect((await unit({ slug: "four", name: "" }, "k-four")).status).toBe(400);
    expect((await unit({ slug: "four", name: "Four" }, "k-four")).status).toBe(201);
  });

  test("sent ten times at once writes once", async () => {
    const before = await api.entries("unit.created");
    const all = await Promise.all(Array.from({ length: 10 }, () => unit({ slug: "five", name: "Five" }, "k-five")));
    expect(await api.entries("unit.created")).toBe(before + 1);
    expect([...new Set(all.map((a) => a.status))].sort()).toEqual(
      all.some((a) => a.status === 409) ? [201, 409] : [201],
    );
  });

  test.each(["two words", "x".repeat(201), "ünicode"])("%s is no key", async (key) => {
    const answer = await unit({ slug: "six", name: "Six" }, key);
    expect([answer.status, answer.faults]).toEqual([400, ["Idempotency-Key"]]);
  });
});
