import "server-only";
import { parseAsOf } from "@/lib/core/as-of";
import type { Command, Ctx } from "@/lib/core/command";
import type { Query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { takeGateShare } from "./limit";

export type Operation = Command | Query;

const maxBody = 1024 * 1024;

type Route = { operation: Operation; method: string; parts: readonly string[] };

/** The REST surface of a list of operations: which one a method and path mean, and its input. */
export function router(operations: readonly Operation[]) {
  const routes: Route[] = operations.flatMap((operation) =>
    operation.spec.http
      ? [{ operation, method: operation.spec.http.method, parts: operation.spec.http.path.split("/").filter(Boolean) }]
      : [],
  );
  // Literal parts win over {parameters}: /reviews/lanes is not the review called "lanes".
  routes.sort((a, b) => literals(b.parts) - literals(a.parts));

  return {
    find(method: string, path: readonly string[]): { operation: Operation; params: Record<string, string> } {
      const byPath = routes.flatMap((route) => {
        const params = match(route.parts, path);
        return params ? [{ route, params }] : [];
      });
      if (byPath.length === 0)
        throw new Refusal("not_found", `There is no /api/v1/${path.join("/")}. See /api/v1/openapi.json.`);
      const found = byPath.find(({ route }) => route.method === method);
      if (!found) {
        const allowed = [...new Set(byPath.map(({ route }) => route.method))].join(", ");
        throw new Refusal(
          "not_found",
          `${method} is not offered here; ${allowed} ${allowed.includes(",") ? "are" : "is"}.`,
        );
      }
      return { operation: found.route.operation, params: found.params };
    },
  };
}

const literals = (parts: readonly string[]) => parts.filter((p) => !p.startsWith("{")).length;

function match(parts: readonly string[], path: readonly string[]): Record<string, string> | null {
  if (parts.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const actual = path[i] ?? "";
    if (part.startsWith("{")) params[part.slice(1, -1)] = actual;
    else if (part !== actual) return null;
  }
  return params;
}

/** The operation's input: path parameters, then the query string (GET) or the JSON body. A field given twice is refused. */
export async function inputOf(
  request: Request,
  method: string,
  params: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const rest = method === "GET" ? fromQuery(new URL(request.url).searchParams) : await fromBody(request);
  for (const key of Object.keys(params)) {
    if (Object.hasOwn(rest, key))
      throw new Refusal(
        "invalid",
        `${key} is given in the path; leave it out of the ${method === "GET" ? "query" : "body"}.`,
        [{ field: key, message: "Given twice." }],
      );
  }
  return { ...rest, ...params };
}

function fromQuery(search: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(search.keys())].map((key) => {
      const values = search.getAll(key);
      return [key, values.length === 1 ? values[0] : values];
    }),
  );
}

async function fromBody(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = await readLimited(request, maxBody);
  if (bytes.length === 0) return {};
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    throw new Refusal("unsupported", `Send the body as application/json, not ${type || "without a content type"}.`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Refusal("invalid", "The body is not valid UTF-8.", [], { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Refusal(
      "invalid",
      `The body is not valid JSON: ${cause instanceof Error ? cause.message : "unreadable"}.`,
      [],
      { cause },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal("invalid", "The body must be a JSON object.");
  return { ...value };
}

/** Reads a body up to a limit, without trusting its Content-Length. */
export async function readLimited(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    size += part.value.byteLength;
    if (size > limit) {
      await reader?.cancel();
      throw new Refusal("too_large", `The body is larger than ${limit} bytes.`);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

/** Runs the operation that a request means and answers with JSON. */
export async function answer(
  request: Request,
  path: readonly string[],
  operations: ReturnType<typeof router>,
  ctx: () => Promise<Ctx>,
): Promise<Response> {
  const { operation, params } = operations.find(request.method, path);
  if (operation.spec.http?.limited) takeGateShare(request);
  const context = await ctx();
  const { asof, ...rest } = await inputOf(request, request.method, params);
  // Every read can be asked of the past; a write gets the field as it came, and refuses it.
  const result =
    operation.spec.kind === "query" && (asof === undefined || typeof asof === "string")
      ? await operation({ ...context, asOf: parseAsOf(asof, context.now()) ?? undefined }, rest)
      : await operation(context, asof === undefined ? rest : { ...rest, asof });
  const status = operation.spec.http?.status ?? 200;
  return new Response(result === undefined ? null : JSON.stringify(result), {
    status: result === undefined ? 204 : status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-request-id": context.requestId },
  });
}
