import { config } from "@/lib/config/config";
import { operations } from "@/lib/operations";
import { noParams, testApi } from "@/lib/testing/api";
import type { Known } from "@/lib/testing/inputs";
import { GET, PATCH, POST, PUT, DELETE as REMOVE } from "./[...path]/route";
import { GET as listEvidence } from "./evidence/route";
import { POST as checkGate } from "./gate/check/route";

/** The portal's REST API over a real database, asked by someone who holds every role, so that only the input is at fault. */
export let api: Awaited<ReturnType<typeof testApi>>;
export let known: Known;

/** Call in beforeAll, and `api.drop()` in afterAll. */
export async function openApi(): Promise<void> {
  api = await testApi();
  known = api.known;
}

export const rowCounts = () => api.rowCounts();

const handlers = { GET, POST, PUT, PATCH, DELETE: REMOVE };
export type Method = keyof typeof handlers;
export const json = { "content-type": "application/json" };

/** Asks like a client, with a real Request. */
export async function ask(
  method: Method,
  where: string,
  { headers = {}, body, query = "" }: { headers?: Record<string, string>; body?: BodyInit; query?: string } = {},
): Promise<Response> {
  return route(
    new Request(`${config().publicUrl}/api/v1${where}${query}`, {
      method,
      headers: { authorization: `Bearer ${api.tokens.everyone}`, ...headers },
      ...(body === undefined ? {} : { body }),
    }),
  );
}

/** Answers a request by the route that Next would choose. */
export async function route(request: Request): Promise<Response> {
  const { method } = request;
  const where = new URL(request.url).pathname.replace("/api/v1", "");
  if (method === "POST" && where === "/gate/check") return checkGate(request, noParams);
  if (method === "GET" && where === "/evidence") return listEvidence(request, noParams);
  const handle = Object.entries(handlers).find(([name]) => name === method)?.[1];
  if (!handle) return new Response(null, { status: 405 });
  return handle(request, { params: Promise.resolve({ path: where.split("/").slice(1).map(decodeURIComponent) }) });
}

/** The operations that the REST API offers, with how to ask each one for an input. */
export const offered = operations.flatMap((operation) => {
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
export const writing = offered.filter(({ http }) => http.method !== "GET");

/** A URL cannot carry a lone surrogate. */
const wellFormed = (text: string): string => text.toWellFormed();

export type Answer = { status: number; type: string | null; body: Record<string, unknown>; faults: readonly string[] };

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  const record: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const faults = Array.isArray(record.faults) ? record.faults.map((f: { field: string }) => f.field) : [];
  return { status: response.status, type: response.headers.get("content-type"), body: record, faults };
}

/** What is wrong with an answer that must be a problem in the 400s; null if nothing is. */
export function notAProblem({ status, type, body }: Answer): string | null {
  if (status < 400 || status > 499) return `answered ${status}: ${JSON.stringify(body).slice(0, 200)}`;
  if (type !== "application/problem+json") return `is ${type}`;
  const { type: kind, title, detail, instance } = body;
  if (body.status !== status) return `says ${body.status} in a ${status}`;
  for (const text of [kind, title, detail, instance])
    if (typeof text !== "string" || text === "") return `lacks a part: ${JSON.stringify(body)}`;
  return null;
}
