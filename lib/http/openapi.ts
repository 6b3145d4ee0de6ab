import { z } from "zod";
import type { ByHand } from "./by-hand";
import type { Operation } from "./dispatch";

const asOf = {
  name: "asof",
  in: "query",
  required: false,
  description: "Answers as of the end of this day (UTC) or this instant; refused where the past is not kept as rows.",
  schema: { type: "string", maxLength: 40, examples: ["2026-09-01", "2026-09-01T12:00:00Z"] },
};

const refused = {
  description: "Refused (RFC 9457)",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};
const tooMany = {
  ...refused,
  description: "The token's share of questions is used up; no answer is no permission",
  headers: {
    "Retry-After": { description: "Seconds until it may ask again", schema: { type: "integer", minimum: 1 } },
  },
};
const idempotent = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", maxLength: 200 },
};

/** OpenAPI 3.1 of the REST API, derived from the operations: their names, titles, inputs and outputs; and of the routes by hand. */
export function openApi(
  operations: readonly Operation[],
  routes: readonly ByHand[],
  server: string,
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { spec } of operations) {
    if (!spec.http) continue;
    const { kind } = spec;
    const { method, path, status = 200 } = spec.http;
    const schema = z.toJSONSchema(spec.input, { unrepresentable: "any", io: "input" });
    const properties = schema.properties ?? {};
    const required = new Set(schema.required ?? []);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "");
    const rest = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.includes(name)));
    const parameters = [
      ...inPath.map((name) => ({ name, in: "path", required: true, schema: properties[name] ?? { type: "string" } })),
      ...(method === "GET"
        ? Object.entries(rest).map(([name, s]) => ({ name, in: "query", required: required.has(name), schema: s }))
        : []),
      ...(kind === "query" && method === "GET" ? [asOf] : []),
      ...(method === "GET" ? [] : [idempotent]),
    ];
    const bodyRequired = [...required].filter((name) => name in rest);
    const item = {
      operationId: spec.name,
      summary: spec.title,
      tags: [path.split("/").filter(Boolean)[0] ?? "portal"],
      parameters,
      ...(method === "GET" || Object.keys(rest).length === 0
        ? {}
        : {
            requestBody: {
              required: bodyRequired.length > 0,
              content: {
                "application/json": {
                  schema: { type: "object", properties: rest, required: bodyRequired, additionalProperties: false },
                },
              },
            },
          }),
      responses: {
        [status]: {
          description: "Done",
          content: {
            "application/json": {
              schema: spec.output ? z.toJSONSchema(spec.output, { unrepresentable: "any", io: "output" }) : {},
            },
          },
        },
        ...(spec.http.limited ? { 429: tooMany } : {}),
        default: refused,
      },
    };
    paths[path] = { ...paths[path], [method.toLowerCase()]: item };
  }
  for (const route of routes) paths[route.path] = { ...paths[route.path], post: described(route) };
  return {
    openapi: "3.1.0",
    info: { title: "Countersign", version: "1" },
    servers: [{ url: `${server}/api/v1` }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: {
        Problem: {
          type: "object",
          required: ["type", "title", "status", "detail", "instance"],
          properties: {
            type: { type: "string" },
            title: { type: "string" },
            status: { type: "integer" },
            detail: { type: "string" },
            instance: { type: "string" },
            faults: {
              type: "array",
              items: {
                type: "object",
                required: ["field", "message"],
                properties: { field: { type: "string" }, message: { type: "string" } },
              },
            },
          },
        },
      },
    },
  };
}

function described({ operationId, summary, description, path, query, body, answers }: ByHand) {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { unrepresentable: "any", io: "input" });
  const schema = z.toJSONSchema(body.schema, { unrepresentable: "any", io: "input" });
  const responses = Object.entries(answers).map(([status, { means, schema: answer }]) => [
    status,
    {
      description: means,
      content: { "application/json": { schema: z.toJSONSchema(answer, { unrepresentable: "any", io: "output" }) } },
    },
  ]);
  return {
    operationId,
    summary,
    description,
    tags: [path.split("/").filter(Boolean)[0] ?? "portal"],
    parameters: Object.entries(properties).map(([name, s]) => ({
      name,
      in: "query",
      required: required.includes(name),
      schema: s,
    })),
    requestBody: { required: true, content: Object.fromEntries(body.types.map((type) => [type, { schema }])) },
    responses: { ...Object.fromEntries(responses), default: refused },
  };
}
