import { expect, test } from "vitest";
import { random } from "@/lib/core/random";
import type { GateEvent } from "@/lib/testing/gate/events";
import { replay } from "@/lib/testing/gate/replay";
import { next, pause, start } from "@/lib/testing/gate/walk";
import { apply, begin, inputsOf } from "@/lib/testing/gate/world";
import { decide } from "./decide";
import { policyFor } from "./policies";

const steps = Number(process.env.WALK_STEPS ?? 100_000);
const longest = 36;

test(`the gate answers what a replay of everything that happened answers, ${steps.toLocaleString("en-GB")} steps`, () => {
  const policy = policyFor("prod");
  if (!policy) throw new Error("There is no policy for production.");
  // What a later version of the policy says is not the matter here, that it is another one is.
  const policies = [policy, { ...policy, digest: "9".repeat(64) }] as const;
  const digests = [policies[0].digest, policies[1].digest] as const;
  const met = new Map<string, number>();
  let [step, restored] = [0, 0];

  for (let seed = 1; step < steps; seed++) {
    const rng = random(seed);
    let at = Date.parse("2026-11-02T09:00:00Z");
    let log: GateEvent[] = start(rng, at);
    const world = { now: begin() };
    const rebuild = () => {
      world.now = begin();
      for (const e of log) apply(world.now, e);
    };
    rebuild();
    while (log.length < longest && step < steps) {
      step++;
      at += pause(rng);
      if (rng() < 0.01 && log.length > 3) {
        // A backup is put back: what happened since is gone, and what is left decides.
        log = log.slice(0, log.length - 3);
        rebuild();
        restored++;
      } else {
        const event = next(rng, at);
        log.push(event);
        apply(world.now, event);
      }
      const asked = {
        at,
        digest: rng() < 0.5 ? null : rng() < 0.95 ? world.now.digest : "c".repeat(64),
        environment: rng() < 0.01 ? "staging" : "prod",
      };
      const answer = decide(policies[world.now.policy], inputsOf(world.now, asked, digests), new Date(at));
      const told = { decision: answer.decision, codes: [...new Set(answer.reasons.map((r) => r.code))].sort() };
      const expected = replay(log, asked);
      if (JSON.stringify(told) !== JSON.stringify(expected))
        expect(told, `seed ${seed}, after ${log.map((e) => JSON.stringify(e)).join("\n")}`).toEqual(expected);
      for (const what of [answer.decision, ...told.codes, ...(answer.brokenBy ? ["by break-glass"] : [])])
        met.set(what, (met.get(what) ?? 0) + 1);
    }
  }
  // A walk that never came there would show nothing.
  expect(restored).toBeGreaterThan(steps / 500);
  const rare = Math.floor(steps / 2000);
  for (const what of [
    "allow",
    "by break-glass",
    "WRONG_ENVIRONMENT",
    "PROHIBITED",
    "TIER_MISSING",
    "DIGEST_UNKNOWN",
    "DIGEST_MISMATCH",
    "NO_REQUEST",
    "POLICY_CHANGED",
    "REQUEST_OUTDATED",
    "APPROVAL_MISSING",
    "APPROVAL_STALE",
    "APPROVAL_EXPIRED",
    "APPROVAL_REJECTED",
    "KEY_TOO_WEAK",
    "OWNER_MISSING",
    "REVIEW_MISSING",
    "REVIEW_EXPIRED",
    "CONDITION_OPEN",
    "CONDITION_OVERDUE",
    "CHECK_FAILED",
    "CHECK_UNKNOWN",
    "RELEASE_FROZEN",
    "BREAK_GLASS_OVER",
  ])
    expect(met.get(what) ?? 0, `${what} was met`).toBeGreaterThan(rare);
}, 120_000);
