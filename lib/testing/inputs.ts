import { z } from "zod";
import { newId } from "@/lib/core/ids";

export type JsonSchema = z.core.JSONSchema._JSONSchema | undefined;
type Schema = z.core.JSONSchema.BaseSchema;

/** What the made inputs point at, so that they reach further than their schema. */
export type Known = { release: string; model: { name: string; version: string; digest: string } };

/** The JSON schema of what an operation takes. */
export const inputSchema = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });

/** The alternatives that a schema offers; itself if it offers none. */
export const alternatives = (schema: Schema): readonly JsonSchema[] =>
  schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [schema];

/** Of fields that are optional one by one but not all together. */
const more: Readonly<Record<string, object>> = {
  "condition.answered": { evidenceUrl: "https://wiki.example/evidence" },
  "meeting.item.added": { kind: "policy", title: "Naming of models", review: undefined },
  "models.import.checked": { bytes: new TextEncoder().encode("name\nx\n") },
  "evaluation.weighed": { weights: { need: 20 } },
  "evaluation.scored": { scores: { need: { score: 3, reason: "Tried on our data." } } },
  "approval.completed": { dsse: "A".repeat(96) },
  "readiness.attestation.signed": { dsse: "A".repeat(96) },
  "break_glass.confirmed": { dsse: "A".repeat(96) },
  "review.decision.signed": { dsse: "A".repeat(96) },
  "notification.read": { until: "2026-11-20T09:00:00Z" },
  "review.survey.answered": { speed: 4 },
  "models.facts.history": { key: "slo.count" },
};

/** A valid input of an operation, made from its schema: only what is required, or every field. */
export function validInput(
  { name, input }: { name: string; input: z.ZodType },
  known: Known,
  fields: "required" | "all" = "required",
): Record<string, unknown> {
  const made = sample(inputSchema(input), "", { operation: name, known, fields });
  return typeof made === "object" && made !== null ? { ...made, ...more[name] } : {};
}

type How = { operation: string; known: Known; fields: "required" | "all" };

function sample(schema: JsonSchema, name: string, how: How): unknown {
  if (schema === undefined || typeof schema === "boolean") return null;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [one] = alternatives(schema);
  if (one !== schema) return sample(one, name, how);
  switch (schema.type) {
    case "object": {
      const keys = how.fields === "all" ? Object.keys(schema.properties ?? {}) : (schema.required ?? []);
      return Object.fromEntries(keys.map((key) => [key, sample(schema.properties?.[key], key, how)]));
    }
    case "array": {
      const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      const length = Math.max(schema.minItems ?? 0, how.fields === "all" ? 1 : 0);
      return Array.from({ length }, () => sample(items, name, how));
    }
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    case "null":
      return null;
    default: {
      const known = textFor(name, how);
      if (known !== undefined && schema.format !== "uuid") return known;
      if (schema.format === "uuid") return newId();
      if (schema.format === "date") return "2026-12-01";
      if (schema.format === "date-time") return "2026-11-20T10:00:00Z";
      if (schema.format === "email") return "somebody@example.com";
      if (schema.format === "uri") return "https://mlflow.example/";
      return "x".repeat(Math.max(1, schema.minLength ?? 1));
    }
  }
}

/** Fields whose text has a form that a JSON schema does not tell. */
function textFor(name: string, { operation, known: { release, model } }: How): string | undefined {
  if (name === "ref" || name === "by" || name === "supersededBy") {
    if (operation.startsWith("adr")) return "ADR-0001";
    if (operation.startsWith("review") || operation === "finding.raised") return "REV-0001";
    if (operation.startsWith("finding")) return "FND-0001";
    if (operation.startsWith("condition")) return "CON-0001";
    if (operation === "risk_acceptance.requested") return "REV-0001";
    if (operation.startsWith("risk_acceptance")) return "RSK-0001";
    if (operation.startsWith("backlog")) return "DEB-0001";
    if (operation.startsWith("milestone")) return "MST-0001";
    if (operation.startsWith("incident_review")) return "PIR-0001";
    if (operation.startsWith("incident")) return "INC-0001";
    if (operation.startsWith("evaluation")) return "EVA-0001";
    if (operation.startsWith("campaign")) return "CMP-0001";
    if (operation.startsWith("meeting")) return "MTG-0001";
    if (operation.startsWith("waiver")) return "WVR-0001";
    if (operation.startsWith("release.freeze")) return "FRZ-0001";
    if (operation.startsWith("break_glass")) return "BRK-0001";
    return release;
  }
  if (operation.startsWith("evaluation") && (name === "option" || name === "chosen")) return "a";
  if (operation.startsWith("evaluation") && name === "adr") return "ADR-0001";
  if (name === "model" || name === "modelId") return model.name;
  if (name === "version") return model.version;
  if (name === "release") return release;
  if (name === "policy") return "prod-release";
  if (/businessUnit|unit$/.test(name)) return "retail";
  if (name === "environment") return "prod";
  if (/digest|sha256/i.test(name)) return model.digest;
  if (name === "index") return "0";
  if (name === "fromTime" || name === "untilTime") return "10:00";
  if (/At$/.test(name)) return "2026-11-20T09:00:00Z";
  if (/^(due|until|expires|on)|On$|Until$/.test(name)) return "2026-12-01";
  if (name === "time") return "10:00";
  if (name === "zone") return "Europe/Oslo";
  if (operation.startsWith("meeting") && name === "review") return "REV-0001";
  if (name === "incident") return "INC-0001";
  if (name === "quarter") return "2027-Q1";
  if (operation.startsWith("milestone") && name === "items") return "DEB-0001";
  if (operation === "incident_review.change.proposed" && name === "text") return "standard/naming";
  if (name === "token") return "A".repeat(43);
  if (name === "person") return "somebody@example.com";
  if (name === "item" && operation.startsWith("readiness")) return "slo-1";
  if (name === "timeZone") return "Europe/Berlin";
  if (name === "workFrom") return "09:00";
  if (name === "workTo") return "17:00";
  if (name === "holidays") return "2026-12-25 Christmas Day";
  if (name === "slug") return "new-unit";
  if (/url/i.test(name)) return "https://mlflow.example/";
  return undefined;
}

/** One value inside an input: where it is, and its schema. */
export type Place = { at: readonly (string | number)[]; schema: Schema };

/** Every value of an input, with the schema that it must meet; of alternatives, the first. */
export function placesIn(schema: JsonSchema, at: readonly (string | number)[] = []): Place[] {
  if (schema === undefined || typeof schema === "boolean") return [];
  const [one] = alternatives(schema);
  const inner = typeof one === "object" ? one : schema;
  const here = { at, schema };
  if (inner.type === "object")
    return [here, ...Object.entries(inner.properties ?? {}).flatMap(([key, s]) => placesIn(s, [...at, key]))];
  if (inner.type === "array")
    return [here, ...placesIn(Array.isArray(inner.items) ? inner.items[0] : inner.items, [...at, 0])];
  return [here];
}

/** The input with another value at one place. */
export function withValue(input: unknown, at: readonly (string | number)[], value: unknown): unknown {
  const [head, ...tail] = at;
  if (head === undefined) return value;
  if (typeof head === "number") {
    const list: unknown[] = Array.isArray(input) ? [...input] : [];
    list[head] = withValue(list[head], tail, value);
    return list;
  }
  const object: object = typeof input === "object" && input !== null ? input : {};
  const inner: unknown = Object.hasOwn(object, head)
    ? Object.entries(object).find(([key]) => key === head)?.[1]
    : undefined;
  return { ...object, [head]: withValue(inner, tail, value) };
}
