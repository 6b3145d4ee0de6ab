import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "@/lib/http/dispatch";
import { operations } from "@/lib/operations";
import { testApi } from "@/lib/testing/api";
import {
  alternatives,
  inputSchema,
  type Known,
  type Place,
  placesIn,
  validInput,
  withValue,
} from "@/lib/testing/inputs";
import { GET, PATCH, POST, PUT, DELETE as REMOVE } from "./[...path]/route";
import { GET as listEvidence } from "./evidence/route";
import { POST as checkGate } from "./gate/check/route";

/** The portal's REST API over a real database, asked by someone who holds every role, so that only the input is at fault. */
let api: Awaited<ReturnType<typeof testApi>>;
let known: Known;
beforeAll(async () => {
  api = await testApi();
  known = api.known;
});
afterAll(() => api.drop());

const rowCounts = () => api.rowCounts();

const handlers = { GET, POST, PUT, PATCH, DELETE: REMOVE };
type Method = keyof typeof handlers;
const json = { "content-type": "application/json" };

/** Asks like a client: the route that Next would choose, with a real Request. */
async function ask(
  method: Method,
  where: string,
  { headers = {}, body, query = "" }: { headers?: Record<string, string>; body?: BodyInit; query?: string } = {},
): Promise<Response> {
  const request = new Request(`http://portal.test/api/v1${where}${query}`, {
    method,
    headers: { authorization: `Bearer ${api.tokens.everyone}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  if (method === "POST" && where === "/gate/check") return checkGate(request);
  if (method === "GET" && where === "/evidence") return listEvidence(request);
  const parts = where.split("/").slice(1).map(decodeURIComponent);
  return handlers[method](request, { params: Promise.resolve({ path: parts }) });
}

/** The operations that the REST API offers, with how to ask each one for an input. */
const offered = operations.flatMap((operation) => {
  const { http } = operation.spec;
  if (!http) return [];
  const inPath = new Set([...http.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ""));
  const request = (input: Record<string, unknown>) => {
    const where = http.path.replace(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(wellFormed(String(input[key]))),
    );
    const rest = Object.entries(input).filter(([key]) => !inPath.has(key));
    if (http.method !== "GET")
      return ask(http.method, where, { headers: json, body: JSON.stringify(Object.fromEntries(rest)) });
    const query = rest.flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map(
        (v) => `${encodeURIComponent(key)}=${encodeURIComponent(wellFormed(String(v)))}`,
      ),
    );
    return ask("GET", where, { query: `?${query.join("&")}` });
  };
  return [{ operation, http, inPath, request, title: `${http.method} ${http.path}` }];
});
const writing = offered.filter(({ http }) => http.method !== "GET");

/** A URL cannot carry a lone surrogate. */
const wellFormed = (text: string): string => text.toWellFormed();

type Answer = { status: number; type: string | null; body: Record<string, unknown>; faults: readonly string[] };

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  const record: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const faults = Array.isArray(record.faults) ? record.faults.map((f: { field: string }) => f.field) : [];
  return { status: response.status, type: response.headers.get("content-type"), body: record, faults };
}

/** What is wrong with an answer that must be a problem in the 400s; null if nothing is. */
function notAProblem({ status, type, body }: Answer): string | null {
  if (status < 400 || status > 499) return `answered ${status}: ${JSON.stringify(body).slice(0, 200)}`;
  if (type !== "application/problem+json") return `is ${type}`;
  const { type: kind, title, detail, instance } = body;
  if (body.status !== status) return `says ${body.status} in a ${status}`;
  for (const text of [kind, title, detail, instance])
    if (typeof text !== "string" || text === "") return `lacks a part: ${JSON.stringify(body)}`;
  return null;
}

const named = (faults: readonly string[], at: Place["at"]): boolean => {
  const field = at.join(".");
  return faults.some((f) => f === field || f.startsWith(`${field}.`) || (f !== "" && field.startsWith(`${f}.`)));
};

/** Values that a place must refuse, in words about that place. Query values are text, so less can be wrong with them. */
function wrongFor({ at, schema }: Place, inQuery: boolean, inPath: boolean): [string, unknown][] {
  const kinds = alternatives(schema).flatMap((s) => (typeof s === "object" ? s.type : undefined));
  const kind = kinds[0];
  const texts: [string, unknown][] = [
    ["NUL", "a\0b"],
    ["text without end", "x".repeat(inPath || inQuery ? 20_000 : 300_000)],
  ];
  if (inPath) return texts;
  if (inQuery)
    return [
      ...texts,
      ...(kinds.includes("array") || at.length > 1 ? [] : [["given twice", ["a", "b"]] as [string, unknown]]),
    ];
  const wrong: [string, unknown][] = [...texts, ["a lone surrogate", "a\ud800b"]];
  if (kind === undefined) return wrong;
  if (!kinds.includes("object")) wrong.push(["an object", {}], ["a nested object", { a: { b: [] } }]);
  if (!kinds.includes("array")) wrong.push(["an array", []], ["an array of itself", [["a"]]]);
  if (!kinds.includes("null") && at.length > 0) wrong.push(["null", null]);
  if (!kinds.includes("boolean")) wrong.push(["true", true]);
  if (!kinds.includes("string")) wrong.push(["text", "twelve"]);
  if (!kinds.includes("number") && !kinds.includes("integer")) wrong.push(["a number", 12]);
  if (kind === "integer") wrong.push(["a fraction", 1.5], ["a huge number", 1e300]);
  if (schema.maximum !== undefined) wrong.push(["too much", schema.maximum + 1]);
  if (schema.minimum !== undefined) wrong.push(["too little", schema.minimum - 1]);
  if (schema.enum) wrong.push(["an unknown word", "moon"]);
  if (schema.maxLength !== undefined) wrong.push(["one character too long", "x".repeat(schema.maxLength + 1)]);
  if (schema.format) wrong.push([`no ${schema.format}`, "not-a-thing"]);
  return wrong;
}

describe.each(offered)("$title", ({ operation, http, inPath, request }) => {
  const valid = () => validInput(operation.spec, known, "all");
  const object = (value: unknown): Record<string, unknown> => (typeof value === "object" ? { ...value } : {});

  test("refuses every wrong value by the name of its field, and writes nothing", async () => {
    const before = await rowCounts();
    const wrong: string[] = [];
    for (const place of placesIn(inputSchema(operation.spec.input))) {
      const [field] = place.at;
      if (field === undefined) continue;
      for (const [what, value] of wrongFor(place, http.method === "GET", inPath.has(String(field)))) {
        const answer = await read(await request(object(withValue(valid(), place.at, value))));
        const fault =
          notAProblem(answer) ??
          (answer.status === 400 && named(answer.faults, place.at)
            ? null
            : `answered ${answer.status} about ${answer.faults.join(", ") || answer.body.detail}`);
        if (fault) wrong.push(`${place.at.join(".")} = ${what}: ${fault}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  test("refuses unknown fields at every depth, and writes nothing", async () => {
    const before = await rowCounts();
    const wrong: string[] = [];
    const places = placesIn(inputSchema(operation.spec.input)).filter(
      ({ schema }) => schema.type === "object" && typeof schema.additionalProperties !== "object",
    );
    for (const { at } of http.method === "GET" ? places.filter((p) => p.at.length === 0) : places)
      for (const key of ["surprise", "constructor", "toString"]) {
        const answer = await read(await request(object(withValue(valid(), [...at, key], "x"))));
        const fault = notAProblem(answer) ?? (named(answer.faults, [...at, key]) ? null : `names ${answer.faults}`);
        if (fault) wrong.push(`${[...at, key].join(".")}: ${fault}`);
      }
    expect(wrong).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  test("never fails on our side, whatever well-formed values it is given", async () => {
    const wrong: string[] = [];
    for (const place of placesIn(inputSchema(operation.spec.input)))
      for (const value of edges(place)) {
        const answer = await read(await request(object(withValue(valid(), place.at, value))));
        if (answer.status >= 500)
          wrong.push(
            `${place.at.join(".")} = ${JSON.stringify(value).slice(0, 80)}: ${answer.status} ${answer.body.detail}`,
          );
      }
    expect(wrong).toEqual([]);
  });
});

/** Values at the edge of what a place allows, or of what the database can hold. */
function edges({ schema }: Place): readonly unknown[] {
  if (schema.type === "integer" || schema.type === "number")
    return [schema.maximum ?? 2 ** 53 - 1, 2 ** 53 - 1, 2 ** 31, "", " ", "NaN", "Infinity", "0x10", "-0"];
  if (schema.type !== "string" || schema.enum) return [];
  if (schema.format === "date") return ["0000-01-01", "0001-01-01", "9999-12-31"];
  if (schema.format === "date-time")
    return ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", `2026-11-20T10:00:00.${"1".repeat(300)}Z`];
  const nines = "9".repeat(25);
  const id = "01a1fd70-10d3-71cb-bf07-e7eea3627b34";
  const cursors = [
    nines,
    "_",
    "x_y",
    `${nines}_${id}`,
    `1_${"-".repeat(36)}`,
    `0_${id}`,
    "2026-:T_-",
    `0000-01-01_${id}`,
    `2026-13-45_${id}`,
    "0000-01-01_CON-1",
    "2026-13-45_CON-1",
    `999999999999999_${id}`,
  ];
  const refs = ["REV", "ADR", "REL", "INC", "UC", "CON", "FND", "WVR"].map((p) => `${p}-${nines}`);
  const coded = ["[]", '{"a":1}', '["x","y"]', `["0000-01-01","${id}"]`].map((s) =>
    Buffer.from(s).toString("base64url"),
  );
  return ["%", "\\", "' or 1=1 --", "𝒳\u202e", "..", "-1", id, "0".repeat(64), ...cursors, ...refs, ...coded];
}

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

test("every operation that the API offers was asked", () => {
  expect(offered.length).toBeGreaterThan(100);
  expect(operations.filter((o: Operation) => o.spec.http).length).toBe(offered.length);
});
