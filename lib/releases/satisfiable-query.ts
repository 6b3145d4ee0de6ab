import "server-only";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { policies, policyBy } from "./policies";
import { organisation, satisfiableIn, stuckUnits } from "./policy-people";
import { seesRelease } from "./visible";

export const policyId = z
  .string()
  .trim()
  .min(1, "Name the policy.")
  .max(61, "A policy's name has at most 61 characters.");

/**
 * Whether people who are active and apart from each other can give the signatures that a policy asks for, by business unit and tier.
 * Worked out from people, units and roles as they are when asked, so that it follows them.
 */
export const policySatisfiable = query({
  name: "release.policy.satisfiable",
  title: "Whether a policy can be passed, by business unit and tier",
  http: { method: "GET", path: "/policies/{policy}/satisfiable" },
  input: z.strictObject({ policy: policyId }),
  run: async (read, input, actor) => {
    // Refuses whoever may read no release, before anything is said of people.
    seesRelease(actor, null);
    const { policy } = policyBy(input.policy);
    return {
      policy: { id: policy.id, version: policy.version, digest: policy.digest },
      units: satisfiableIn(policy, await organisation(read), actor),
    };
  },
});

/** Where models serve for which nobody could pass a policy in force, of all policies; empty when there is no such place. */
export const policiesStuck = query({
  name: "release.policies.stuck",
  title: "Business units with live models that cannot pass a policy",
  http: { method: "GET", path: "/policies/stuck" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    seesRelease(actor, null);
    const org = await organisation(read, false);
    return {
      stuck: policies().flatMap(({ policy }) =>
        stuckUnits(satisfiableIn(policy, org, actor)).map((found) => ({
          policy: { id: policy.id, title: policy.title },
          ...found,
        })),
      ),
    };
  },
});
