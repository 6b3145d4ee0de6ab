import { type Env, parseEnv } from "./env";

/** For the launcher: what is wrong with the environment, one sentence each; empty if nothing is. */
export function faults(env: Env): string[] {
  const parsed = parseEnv(env);
  return parsed.ok ? [] : parsed.faults;
}
