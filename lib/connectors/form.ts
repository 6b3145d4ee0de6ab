import { z } from "zod";
import { registryKinds, sourceKinds } from "./kinds";
import type { RegistryKind, SignIn } from "./registry";
import type { SourceKind } from "./source";
import type { System } from "./systems";

/** One setting, as a form shows it. */
export type SettingField = {
  name: string;
  label: string;
  hint: string;
  type: "text" | "number" | "flag" | "choice";
  optional: boolean;
  initial: string;
  choices: readonly string[];
};

/** What a form needs to know of a kind of registry or source; plain data, so that it can be handed to the browser. */
export type KindForm = {
  kind: System;
  title: string;
  reads: string;
  address: { label: string; hint: string; optional: boolean };
  signIn: readonly SignIn[];
  settings: readonly SettingField[];
  /** Null: it holds no models, so nothing in it marks production. */
  prodAlias: { label: string; default: string } | null;
};

const property = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
});
const objectShape = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
});

/** The form of a kind, derived from the schema of its settings. */
export function formOf(kind: RegistryKind | SourceKind): KindForm {
  const schema = objectShape.parse(z.toJSONSchema(kind.settings, { io: "input" }));
  return {
    kind: kind.kind,
    title: kind.title,
    reads: kind.reads,
    address: { label: kind.address.label, hint: kind.address.hint, optional: kind.address.from !== undefined },
    signIn: kind.signIn,
    settings: Object.entries(schema.properties).map(([name, p]) => ({
      name,
      label: p.title ?? name,
      hint: p.description ?? "",
      type: typeOf(p),
      optional: !schema.required.includes(name) && p.default === undefined,
      initial: p.default === undefined ? "" : String(p.default),
      choices: p.enum ?? [],
    })),
    prodAlias: "prodAlias" in kind ? kind.prodAlias : null,
  };
}

function typeOf(p: z.output<typeof property>): SettingField["type"] {
  if (p.enum) return "choice";
  if (p.type === "boolean") return "flag";
  return p.type === "number" || p.type === "integer" ? "number" : "text";
}

/** Of every registry. */
export const registryForms = (): [KindForm, ...KindForm[]] => {
  const { mlflow, ...others } = registryKinds;
  return [formOf(mlflow), ...Object.values<RegistryKind>(others).map(formOf)];
};

/** Of every source of facts. */
export const sourceForms = (): [KindForm, ...KindForm[]] => {
  const { prometheus, ...others } = sourceKinds;
  return [formOf(prometheus), ...Object.values<SourceKind>(others).map(formOf)];
};
