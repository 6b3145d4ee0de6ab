import "server-only";
import { type Config, parseEnv, type Secrets } from "./env";

// Parsed once per process; also across hot reloads.
const store = globalThis as { countersignConfig?: { config: Config; secrets: Secrets } };

function read(): { config: Config; secrets: Secrets } {
  if (!store.countersignConfig) {
    const parsed = parseEnv(process.env);
    if (!parsed.ok) throw new Error(["These settings are wrong:", ...parsed.faults.map((f) => `  ${f}`)].join("\n"));
    store.countersignConfig = { config: parsed.config, secrets: parsed.secrets };
  }
  return store.countersignConfig;
}

/** The settings of this process. Throws with every fault if the environment is wrong; the launcher has checked before. */
export const config = (): Config => read().config;

/** The secrets of this process; pass on only what a callee needs. */
export const secrets = (): Secrets => read().secrets;
