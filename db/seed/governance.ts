import { loadContent, newest } from "@/lib/content/load";
import type { Actor } from "@/lib/core/actor";
import { between, pick, randomFor } from "@/lib/core/random";
import { pushFacts } from "@/lib/facts/push";
import { adoptPattern } from "@/lib/patterns/adopt";
import { attest } from "@/lib/readiness/attest";
import { assessRisk } from "@/lib/risk/assess";
import { observations } from "./facts";
import { enteredDaysAgo, type SeedVersion, seedVersions } from "./inventory";
import { type PlacedModel, seedModels } from "./portfolio";
import { answersOf } from "./tiers";
import type { World } from "./world";

/** Reference architectures by the name the demo's data uses. */
const patternId = {
  "online-inference": "online-inference-kubernetes",
  "batch-scoring": "batch-scoring-lakehouse",
  "llm-assistant": "rag-assistant-guardrails",
} as const;

/** The version of a reference architecture that was the newest on a day, so that what was adopted is what one could read. */
function patternVersionOn(id: string, day: Date): number | undefined {
  const versions = loadContent().patterns.filter((p) => p.id === id);
  return (versions.find((p) => new Date(p.published) <= day) ?? versions.at(-1))?.version;
}

function legalOf(m: PlacedModel) {
  const annexArea = m.unit === "service" ? 4 : 5;
  if (m.legal === "high_risk_annex_iii") return { annexArea };
  if (m.legal === "annex_iii_not_high_risk") {
    return {
      annexArea,
      ground: "a" as const,
      reason:
        "It carries out a narrow procedural task and is listed as an exception; the written case is attached to the review.",
    };
  }
  return m.legal === "transparency_art50" ? { transparency: true } : {};
}

/** Attestations that people gave: which items of the checklist ask for a person's word. */
function attestable(): string[] {
  const checklist = newest(loadContent().checklists, "production-readiness");
  if (!checklist) throw new Error("content/checklists has no production-readiness.");
  return checklist.items.filter((item) => item.how !== "auto").map((item) => item.id);
}

/** Version that was the newest on a day. */
export function versionOn(m: PlacedModel, ago: number): SeedVersion | undefined {
  return seedVersions().findLast((v) => v.model === m && v.daysAgo > ago);
}

/** Brings a model's readiness up to date for a day that matters: what its systems report, and the owner's word on the rest. */
export async function makeReady(
  world: World,
  m: PlacedModel,
  v: SeedVersion,
  at: Date,
  pipeline: Actor,
): Promise<void> {
  await pushFacts(world.as(pipeline), { facts: observations(v, at), run: `build-${v.commit}` });
  await attest(world.as(m.owner), {
    name: m.name,
    items: attestable(),
    outcome: "pass",
    statement: pick(randomFor(`${m.name} ${v.version} word`), findings),
    evidenceUrl: `https://wiki.halden.example/readiness/${m.name}`,
  });
}

const findings = [
  "Walked through it with the second team; the document matches what runs.",
  "Read the report and repeated two of its tests; same results.",
  "Checked against the system on the day; no gap found.",
  "Reviewed with the duty officer after the last drill; steps and times are right.",
] as const;

/** Risk answers, patterns, a person's word where the checklist asks for one, and what the systems report today. */
export function planGovernance(world: World, pipeline: () => Actor): void {
  const items = attestable();
  for (const m of seedModels) {
    const r = randomFor(`${m.name} governance`);
    const entered = enteredDaysAgo(m);
    const { risk } = m;
    if (!risk) continue;
    // Answers are given again every year; this is the last time.
    const answered = Math.min(entered - 1, between(r, 60, 320));
    for (const ago of new Set([entered - 1, answered])) {
      world.planFor(m.name, world.before(ago, 10, between(r, 0, 59)), `risk answers for ${m.name}`, async () => {
        await assessRisk(world.as(m.owner), {
          name: m.name,
          answers: answersOf(risk),
          legalClass: m.legal ?? "minimal",
          legal: legalOf(m),
        });
      });
    }
    if (m.pattern) {
      const pattern = patternId[m.pattern];
      const day = world.before(entered - 1, 11, between(r, 0, 59));
      world.planFor(m.name, day, `pattern of ${m.name}`, async () => {
        const version = patternVersionOn(pattern, day);
        await adoptPattern(world.as(m.owner), { name: m.name, pattern, version, deviations: m.deviations ?? "" });
      });
    }
    if (m.stage === "idea" || m.stage === "development") continue;
    const beginning = Math.max(entered - 2, 30);
    const first = versionOn(m, beginning);
    if (first) {
      const at = world.before(beginning, 11, 30);
      world.planFor(m.name, at, `first facts of ${m.name}`, () => makeReady(world, m, first, at, pipeline()));
    }
    for (const ago of [between(r, 8, 29)]) {
      world.planFor(m.name, world.before(ago, 12, between(r, 0, 59)), `attestations for ${m.name}`, async () => {
        // Now and then somebody has not got round to the last ones.
        const said = ago < 30 && r() < 0.25 ? items.slice(0, -2) : items;
        await attest(world.as(m.owner), {
          name: m.name,
          items: said,
          outcome: "pass",
          statement: pick(r, findings),
          evidenceUrl: `https://wiki.halden.example/readiness/${m.name}`,
        });
      });
    }
  }
  planReports(world, pipeline);
}

/** How complete a model's reporting is today: most report all, some lack a system, a few report a fault. */
function standing(m: PlacedModel): { leaveOut: string[]; spoil: Record<string, number | boolean> } {
  const r = randomFor(`${m.name} standing`);
  const luck = r();
  if (m.name === "card-fraud-score") return { leaveOut: ["eval.fairness"], spoil: {} };
  if (luck < 0.5) return { leaveOut: [], spoil: {} };
  if (luck < 0.75)
    return {
      leaveOut: pick(r, [["drift.concept"], ["slo."], ["repro."], ["eval.fairness", "eval.independent"], ["alerts."]]),
      spoil: {},
    };
  if (luck < 0.9)
    return {
      leaveOut: pick(r, [["drift."], ["oncall."], ["cost."]]),
      spoil: pick<Record<string, number | boolean>>(r, [
        { "security.open_critical_overdue": 1 },
        { "eval.slices": 1 },
        { "monitoring.errors": false },
      ]),
    };
  return { leaveOut: ["slo.", "drift.", "monitoring.", "alerts.", "oncall.", "cost.", "data."], spoil: {} };
}

function planReports(world: World, pipeline: () => Actor): void {
  const newestOf = new Map(seedVersions().map((v) => [v.model.name, v]));
  for (const v of newestOf.values()) {
    if (!v.model.risk) continue;
    const { leaveOut, spoil } = standing(v.model);
    world.planFor(v.model.name, world.today, `what the systems report of ${v.model.name}`, async () => {
      await pushFacts(world.as(pipeline()), {
        facts: observations(v, world.today, leaveOut, spoil),
        run: `nightly-${world.today.toISOString().slice(0, 10)}`,
      });
    });
  }
}
