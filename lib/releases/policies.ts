import "server-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { parse } from "@/lib/core/parse";
import { type Policy, PolicyFile } from "./policy";
import { compileChecks } from "./policy-checks";
import { type PolicyCase, PolicyTests } from "./policy-test";

/** A policy as it is in force, with its file's text and the cases beside it. */
export type PolicyInForce = { policy: Policy; source: string; file: string; cases: readonly PolicyCase[] };

const root = path.join(process.cwd(), "content", "policies");
let loaded: readonly PolicyInForce[] | null = null;

/** The policies in force: the highest version in each folder. Read and checked once per process; a faulty file stops it with its name. */
export function policies(): readonly PolicyInForce[] {
  loaded ??= readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => newest(entry.name));
  return loaded;
}

function newest(id: string): PolicyInForce {
  const numbers = readdirSync(path.join(root, id)).flatMap((f) => /^v(\d+)\.yaml$/.exec(f)?.[1] ?? []);
  const number = Math.max(...numbers.map(Number));
  const file = path.join("content", "policies", id, `v${number}.yaml`);
  const bytes = readFileSync(path.join(root, id, `v${number}.yaml`));
  const parsed = parse(PolicyFile, parseYaml(bytes.toString("utf8")), file);
  if (parsed.id !== id || parsed.version !== number)
    throw new Error(`${file} says it is ${parsed.id} v${parsed.version}; the folder and file name must say the same.`);
  const policy: Policy = { ...parsed, digest: createHash("sha256").update(bytes).digest("hex") };
  compileChecks(policy);
  const tests = readFileSync(path.join(root, id, `v${number}.test.yaml`), "utf8");
  const { cases } = parse(PolicyTests, parseYaml(tests, { merge: true }), file.replace(".yaml", ".test.yaml"));
  return { policy, source: bytes.toString("utf8"), file, cases };
}

/** The policy that governs an environment, or null where none does. */
export const policyFor = (environment: string): Policy | null =>
  policies().find((p) => p.policy.environments.some((e) => e === environment))?.policy ?? null;
