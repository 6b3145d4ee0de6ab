import "server-only";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { personasOffered } from "@/lib/auth/demo";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { type Change, type Replay, replayClosed, replayOpen } from "./dry-run";
import { type ClosedRelease, closedReleasesTo, openReleasesTo, type RunOn } from "./dry-run-load";
import { loadGate } from "./gate-load";
import { policies, policyBy, policyOfDigest } from "./policies";
import type { Policy } from "./policy";
import { organisation, satisfiableIn, stuckUnits } from "./policy-people";
import { triedCase } from "./policy-test";
import { readCases, readPolicy } from "./read-policy";
import { mayDryRun } from "./release";
import { policyId } from "./satisfiable-query";

const lastClosed = 200;
const mostOpen = 500;
/** Releases judged at a time: the pool is everybody's. */
const atOnce = 4;

/** One release in the answer. */
export type Ran = RunOn & Replay;

/** A changed policy over what was released and what is open: what would change, and why. Writes nothing. */
export const dryRunPolicy = query({
  name: "release.policy.dry_run",
  title: "Try a changed policy on past and open releases",
  http: { method: "POST", path: "/policies/{policy}/dry-run" },
  input: z.strictObject({
    policy: policyId,
    /** The changed policy, as its YAML file would say it. */
    source: z.string().min(1, "Give the text of the changed policy.").max(60_000, "At most 60,000 characters."),
    /** Its cases, as the file beside it would say them; those of the policy in force if left out. */
    cases: z.string().max(200_000, "At most 200,000 characters.").optional(),
  }),
  run: async (read, input, actor, now) => {
    insist(mayDryRun(actor));
    const inForce = policyBy(input.policy);
    const changed = readPolicy(input.source, "The changed policy");
    refuseContradiction(inForce.policy, changed);
    refuseNesting(changed);
    const cases = input.cases ? readCases(input.cases, "The cases") : inForce.cases;
    const environments = [...new Set([...inForce.policy.environments, ...changed.environments])];
    const open = await openReleasesTo(read, environments, actor, mostOpen);
    const closed = await closedReleasesTo(read, environments, actor, lastClosed);
    const ran = [
      ...(await inTurn(open.releases, (r) => runOpen(read, inForce.policy, changed, r, now))),
      ...closed.map((r) => runClosed(changed, r)),
    ];
    const count = (change: Change) => ran.filter((r) => r.change === change).length;
    return {
      policy: { id: changed.id, version: changed.version, digest: changed.digest, inForce: inForce.policy.digest },
      cases: cases.map((c) => triedCase(changed, c)),
      /** Where live models could not pass the changed policy, by unit. */
      stuck: stuckUnits(satisfiableIn(changed, await organisation(read, false), actor)),
      tried: { open: open.releases.length, moreOpen: open.more, closed: closed.length },
      changes: {
        same: count("same"),
        opens: count("opens"),
        closes: count("closes"),
        reasons: count("reasons"),
        cannotTell: count("cannot_tell"),
      },
      releases: ran,
    };
  },
});

/** Each such macro walks what the one around it walks once more: a text of 1,000 characters could ask for hours. */
function refuseNesting(changed: Policy): void {
  for (const { id, expr } of changed.checks)
    if ((expr.match(/\.\s*(all|exists|exists_one|map|filter)\s*\(/g)?.length ?? 0) > 2)
      throw new Refusal("invalid", `checks: ${id} walks lists more than twice, which a dry run does not do.`, [
        { field: "source", message: `Use at most two of all, exists, exists_one, map and filter in ${id}.` },
      ]);
}

/** The same policy, and no environment that another one governs already. */
function refuseContradiction(inForce: Policy, changed: Policy): void {
  if (changed.id !== inForce.id)
    throw new Refusal("invalid", `id: The text is of ${changed.id}; try it on ${changed.id}, or write ${inForce.id}.`, [
      { field: "source", message: `Its id is ${changed.id}.` },
    ]);
  for (const { policy } of policies()) {
    const both =
      policy.id === changed.id ? undefined : changed.environments.find((e) => policy.environments.includes(e));
    if (both)
      throw new Refusal(
        "invalid",
        `environments: ${policy.id} governs ${both} already. Two policies would contradict each other.`,
        [{ field: "source", message: `Take ${both} out of its environments.` }],
      );
  }
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const out: R[] = [];
  for (let i = 0; i < items.length; i += atOnce) out.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))));
  return out;
}

async function runOpen(read: Reader, inForce: Policy, changed: Policy, release: RunOn, now: Date): Promise<Ran> {
  const { model, version, environment } = release;
  const { inputs } = await loadGate(read, { model, version, environment, digest: null }, personasOffered(), now);
  if (inputs.release?.ref !== release.ref)
    return { ...release, change: "cannot_tell", before: null, after: null, why: "It was closed a moment ago." };
  return { ...release, ...replayOpen(inForce, changed, inputs, now) };
}

function runClosed(changed: Policy, release: ClosedRelease): Ran {
  const { policyDigest, answered, lacks, ...shown } = release;
  const nobody = { change: "cannot_tell", before: null, after: null } as const;
  if (!answered) return { ...shown, ...nobody, why: lacks };
  const then = policyOfDigest(policyDigest);
  if (!then) return { ...shown, ...nobody, why: "The version of the policy that it pinned is not among the files." };
  return { ...shown, ...replayClosed(then, changed, answered) };
}
