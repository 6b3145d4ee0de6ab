import { type CheckEnv, type Compiled, compileCheck, evaluate } from "@/lib/checks/check";

/** What a scope may name, each with what it stands for. A model of which one is not known lacks it. */
export const scopeNames = {
  name: "name in the inventory",
  tier: "risk tier, 1 to 4",
  type: "batch, online, streaming, llm_app or agent",
  serving: "batch, online, streaming or edge",
  kind: "classical, deep_learning, llm_app, rag, agent and others",
  stage: "such as development, live or retiring; retired models are left out",
  platform: "where it is kept, such as mlflow",
  unit: "business unit, by name",
  units: "its business unit and those above it, a list of names",
  team: "owning team",
  pattern: "reference architecture that it follows, '' for none",
  tags: "tags in the registry, such as tags.area",
} as const;

export type Attributes = Readonly<Partial<Record<keyof typeof scopeNames, unknown>>>;

/** A model that checks may be about. */
export type Candidate = { id: string; attributes: Attributes };

const scopeTypes: Readonly<Record<keyof typeof scopeNames, string>> = {
  name: "text",
  tier: "number",
  type: "text",
  serving: "text",
  kind: "text",
  stage: "text",
  platform: "text",
  unit: "text",
  units: "texts",
  team: "text",
  pattern: "text",
  tags: "record",
};

const env: CheckEnv = { facts: () => null, families: new Set(), values: scopeTypes };

/** Compiles a scope, or says what is wrong with it and what it may name. */
export function compileScope(source: string): Compiled {
  const compiled = compileCheck(source, env);
  if (compiled.ok || !compiled.message.startsWith("There is no")) return compiled;
  return { ...compiled, message: `${compiled.message} A scope may name ${Object.keys(scopeNames).join(", ")}.` };
}

export type Chosen = { inside: readonly Candidate[]; undecided: readonly { model: Candidate; lacks: string[] }[] };

/**
 * The models that a scope chooses, and those of which it cannot be told because something that it names is not known of them. What
 * is known may decide alone: `stage == 'live' && tier == 1` leaves out a model in development whose tier nobody has set.
 */
export function choose(source: string, candidates: readonly Candidate[], now: Date): Chosen {
  const compiled = compileScope(source);
  if (!compiled.ok) throw new Error(`The scope ${source} was kept and does not compile: ${compiled.message}`);
  const { check } = compiled;
  const inside: Candidate[] = [];
  const undecided: Chosen["undecided"][number][] = [];
  for (const model of candidates) {
    const { state } = evaluate(check, [], now, model.attributes);
    if (state === "pass") inside.push(model);
    if (state !== "unknown") continue;
    // With all known, an error means that the model has no such thing: a tag that it does not bear.
    const lacks = check.values.filter((name) => name !== "now" && !(name in model.attributes));
    if (lacks.length > 0) undecided.push({ model, lacks });
  }
  return { inside, undecided };
}
