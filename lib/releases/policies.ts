import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Refusal } from "@/lib/core/refusal";
import type { Policy } from "./policy";
import type { PolicyCase } from "./policy-test";
import { readCases, readPolicy } from "./read-policy";

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

const versionsOf = (id: string): number[] =>
  readdirSync(path.join(root, id))
    .flatMap((f) => /^v(\d+)\.yaml$/.exec(f)?.[1] ?? [])
    .map(Number);

function read(id: string, number: number): { policy: Policy; source: string; file: string } {
  const file = path.join("content", "policies", id, `v${number}.yaml`);
  const source = readFileSync(path.join(root, id, `v${number}.yaml`), "utf8");
  const policy = readPolicy(source, file);
  if (policy.id !== id || policy.version !== number)
    throw new Error(`${file} says it is ${policy.id} v${policy.version}; the folder and file name must say the same.`);
  return { policy, source, file };
}

function newest(id: string): PolicyInForce {
  const number = Math.max(...versionsOf(id));
  const found = read(id, number);
  const cases = readFileSync(path.join(root, id, `v${number}.test.yaml`), "utf8");
  return { ...found, cases: readCases(cases, found.file.replace(".yaml", ".test.yaml")) };
}

/** A policy as it was pinned, by the SHA-256 of its file in hex; null where that version is not among the files any more. */
export function policyOfDigest(digest: string): Policy | null {
  const current = policies().find((p) => p.policy.digest === digest);
  if (current) return current.policy;
  for (const { policy } of policies())
    for (const number of versionsOf(policy.id)) {
      const earlier = read(policy.id, number).policy;
      if (earlier.digest === digest) return earlier;
    }
  return null;
}

/** The policy in force under an id; refuses with not_found. */
export function policyBy(id: string): PolicyInForce {
  const found = policies().find((p) => p.policy.id === id);
  if (!found) throw new Refusal("not_found", `There is no policy ${id}. GET /api/v1/policies lists them.`);
  return found;
}

/** The policy that governs an environment, or null where none does. */
export const policyFor = (environment: string): Policy | null =>
  policies().find((p) => p.policy.environments.some((e) => e === environment))?.policy ?? null;
