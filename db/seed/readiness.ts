import { openRaise } from "@/lib/campaigns/open-raise";
import { randomFor } from "@/lib/core/random";
import { Refusal } from "@/lib/core/refusal";
import { assessMaturity } from "@/lib/maturity/assess";
import { maturityContent } from "@/lib/maturity/find";
import { modelReadiness } from "@/lib/readiness/queries";
import type { Authority, Impact, Likelihood } from "@/lib/readiness/risk-acceptance";
import { simulateItem } from "@/lib/readiness/simulate";
import { decideWaiver, requestWaiver } from "@/lib/readiness/waive";
import { warnOfWaivers } from "@/lib/readiness/warn";
import { haldenTeams } from "./personas";
import { seedModels } from "./portfolio";
import type { World } from "./world";

type Reason = {
  reason: string;
  affected: string;
  compensation: string;
  exitPlan: string;
  likelihood: Likelihood;
  impact: Impact;
};

const reasons: readonly Reason[] = [
  {
    reason: "The rota is shared with the platform team until two more engineers are trained.",
    affected: "Customers wait up to an hour longer when it stops at night.",
    compensation: "The platform team is paged instead and falls back to the rules engine.",
    exitPlan: "Both engineers finish their shadow shifts in eight weeks; the rota then stands alone.",
    likelihood: "possible",
    impact: "moderate",
  },
  {
    reason: "The rollout controller of this cluster does not know steps; the upgrade is booked.",
    affected: "All callers of the service, for the minutes that a bad version is live.",
    compensation: "Each release is watched by two people for an hour, with the rollback command at hand.",
    exitPlan: "The cluster is upgraded next quarter; the first release after it goes in steps.",
    likelihood: "unlikely",
    impact: "major",
  },
  {
    reason: "The load test needs the staging cluster that the migration occupies until month's end.",
    affected: "Nobody directly; scores may come late on peak days.",
    compensation: "Limits are set to half of the measured capacity and requests above them are queued.",
    exitPlan: "The test is booked for the first week after the migration.",
    likelihood: "unlikely",
    impact: "minor",
  },
];

/** Who accepts in the demo, by authority; who stands higher stands in where the first has a stake. */
const acceptors: Record<Authority, readonly string[]> = {
  team_lead: ["Ingrid Solberg", "Marianne Voss"],
  service_owner: ["Ingrid Solberg", "Marianne Voss"],
  unit_head: ["Ingrid Solberg", "Marianne Voss"],
  unit_executive: ["Marianne Voss"],
  committee: ["Marianne Voss"],
  model_risk: ["Amara Okafor"],
  security: ["Noor Haddad"],
};

/** A year of risk accepted: waivers that run, that ran out, that wait; a raise of an item; what teams say they can do. */
export function planReadiness(world: World): void {
  const chosen = seedModels
    .filter((m) => m.stage === "live" && m.unit !== "cards" && m.risk)
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, 12);
  for (const [i, m] of chosen.entries()) {
    const ago = [6, 12, 75, 3, 20, 9, 15, 90, 4, 11, 7, 2][i] ?? 5;
    world.planFor(m.name, world.before(ago, 15, 10), `a waiver for ${m.name}`, async () => {
      await waive(world, m.name, m.owner, reasons[i % reasons.length], ago, i % 4 !== 3);
    });
  }
  world.plan(world.before(1, 6), "warn of waivers", async () => {
    await warnOfWaivers(world.as(), {});
  });
  world.plan(world.before(14, 10), "raise an item", async () => {
    for (const item of ["onc-1", "res-2", "sec-4", "prf-1"]) {
      const { missing } = await simulateItem(world.as("Amara Okafor"), { item, tiers: "3" });
      if (missing === 0) continue;
      await openRaise(world.as("Amara Okafor"), {
        title: "What tier 2 has had for a year, in tier 3 too",
        item,
        tiers: [3],
        dueOn: new Date(world.today.getTime() + 40 * 86_400_000).toISOString().slice(0, 10),
      });
      return;
    }
  });
  for (const [unit, team] of Object.entries(haldenTeams))
    for (const ago of [200, 20])
      world.plan(world.before(ago, 14), `${team} says what it can do`, async () => {
        const r = randomFor(`${team} maturity`);
        const answers = Object.fromEntries(
          maturityContent().dimensions.flatMap((d) =>
            d.statements.map((s) => {
              const able = r() < (ago > 100 ? 0.95 : 1.05) - s.level * 0.13;
              const shown = able && r() < 0.6 ? { evidence: `https://wiki.halden.example/teams/${unit}/${s.id}` } : {};
              return [s.id, { yes: able, ...shown }] as const;
            }),
          ),
        );
        await assessMaturity(world.as("Ingrid Solberg"), { team, answers });
      });
}

/** Asks for a waiver of the first item that is missing and can be waived, and has it accepted if it is to be. */
async function waive(
  world: World,
  model: string,
  owner: string,
  given: Reason | undefined,
  ago: number,
  accepted: boolean,
): Promise<void> {
  const { items } = await modelReadiness(world.as(owner), { name: model });
  const missing = items.filter((i) => i.required && i.waivable && (i.state === "fail" || i.state === "unknown"));
  // Where little is missing it stays missing: the demo's gate is not to open by a waiver.
  const item = missing.find((i) => ["onc-1", "rel-2", "prf-1"].includes(i.id)) ?? missing[0];
  if (!given || !item || missing.length < 3) return;
  const until = new Date(world.before(ago).getTime() + (ago > 60 ? 60 : 28 + ago) * 86_400_000);
  const { ref, needs } = await requestWaiver(world.as(owner), {
    name: model,
    item: item.id,
    ...given,
    expiresOn: until.toISOString().slice(0, 10),
  });
  if (!accepted) return;
  for (const part of needs) {
    const people = acceptors[part[0] ?? "committee"];
    for (const person of people) {
      try {
        await decideWaiver(world.as(person), {
          ref,
          outcome: "accepted",
          reason: "The compensation is in place and the end is near; I accept it until then.",
        });
        break;
      } catch (error) {
        // Whoever has a stake in the model leaves it to the next.
        if (!(error instanceof Refusal) || error.code !== "forbidden" || person === people.at(-1)) throw error;
      }
    }
  }
}
