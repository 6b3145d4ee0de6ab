import { catalogue, factKey, nearestKey } from "@/lib/facts/catalogue";
import type { CheckEnv } from "./check";

/** The environment of readiness checks: every fact of the catalogue, and the model's tier and serving type. */
export const factsEnv: CheckEnv = {
  facts: factKey,
  families: new Set(catalogue.map((k) => k.key.split(".")[0] ?? "")),
  nearest: nearestKey,
  values: { tier: "number", type: "text" },
};
