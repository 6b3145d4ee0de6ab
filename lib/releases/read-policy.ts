import { createHash } from "node:crypto";
import { parse as parseYaml, YAMLError } from "yaml";
import { parse } from "@/lib/core/parse";
import { Refusal } from "@/lib/core/refusal";
import { type Policy, PolicyFile } from "./policy";
import { compileChecks } from "./policy-checks";
import { type PolicyCase, PolicyTests } from "./policy-test";

/** A policy from its file's text: the same schema, and expressions that compile, wherever the text comes from. `name` is for refusals. */
export function readPolicy(source: string, name: string): Policy {
  const policy: Policy = {
    ...parse(PolicyFile, yamlOf(source, name), name),
    digest: createHash("sha256").update(source).digest("hex"),
  };
  try {
    compileChecks(policy);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal("invalid", message, [{ field: "checks", message }], { cause });
  }
  return policy;
}

/** The cases beside a policy. */
export const readCases = (source: string, name: string): readonly PolicyCase[] =>
  parse(PolicyTests, yamlOf(source, name), name).cases;

function yamlOf(source: string, name: string): unknown {
  try {
    const value: unknown = parseYaml(source, { merge: true, logLevel: "error" });
    return value;
  } catch (cause) {
    // Aliases that multiply beyond bounds are a ReferenceError of the parser's.
    if (!(cause instanceof YAMLError) && !(cause instanceof ReferenceError)) throw cause;
    throw new Refusal("invalid", `${name}: this is no YAML. ${cause.message.split("\n")[0]}`, [], { cause });
  }
}
