import { createHash } from "node:crypto";
import type { Actor } from "@/lib/core/actor";
import { between, randomFor } from "@/lib/core/random";
import { changeStage } from "@/lib/models/change-stage";
import { type LegalClass, legalClasses, type ModelKind } from "@/lib/models/model";
import { registerModel } from "@/lib/models/register";
import { registerVersion } from "@/lib/models/register-version";
import { reportDeployment } from "@/lib/models/report-deployment";
import { registerUseCase } from "@/lib/use-cases/register";
import type { EuRole, ValueKind } from "@/lib/use-cases/use-case";
import { addressOf, haldenTeams } from "./personas";
import { deputyOf, type PlacedModel, portfolio, seedModels } from "./portfolio";
import { tierOf } from "./tiers";
import type { World } from "./world";

/** How many versions all models have together. */
const versionTotal = 900;

export type SeedVersion = { model: PlacedModel; version: string; digest: string; commit: string; daysAgo: number };

export const digestOf = (model: string, version: string): string =>
  createHash("sha256").update(`${model} ${version} artefact`).digest("hex");

const young = new Set(["idea", "development", "review"]);

/** Days ago on which a model entered the inventory: what was live came first. */
export function enteredDaysAgo(m: PlacedModel): number {
  const r = randomFor(`${m.name} entered`);
  return young.has(m.stage)
    ? between(r, 40, 170)
    : m.stage === "pilot" || m.stage === "shadow"
      ? between(r, 150, 330)
      : between(r, 395, 410);
}

/** Every version of every model, oldest first; together exactly `versionTotal`. */
export function seedVersions(): readonly SeedVersion[] {
  made ??= makeVersions();
  return made;
}

let made: readonly SeedVersion[] | null = null;

function makeVersions(): SeedVersion[] {
  const counts = new Map<string, number>();
  // Low tiers ship every fortnight; the rest a few times a year.
  const usual = (m: PlacedModel) => (tierOf(m) === 4 ? 31 : 6);
  for (const m of seedModels)
    counts.set(m.name, m.stage === "idea" ? 0 : young.has(m.stage) ? 3 : m.stage === "retired" ? 2 : usual(m));
  const live = seedModels.filter((m) => m.stage === "live" && tierOf(m) !== 4);
  let missing = versionTotal - [...counts.values()].reduce((a, b) => a + b, 0);
  for (let i = 0; missing > 0; i = (i + 1) % live.length) {
    const name = live[i]?.name ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
    missing--;
  }
  return seedModels.flatMap((model) => {
    const count = counts.get(model.name) ?? 0;
    const r = randomFor(`${model.name} versions`);
    const first = enteredDaysAgo(model);
    const newest = between(r, 1, 9);
    return Array.from({ length: count }, (_, i) => {
      // The first two came before the inventory did.
      const daysAgo =
        i < 2 && !young.has(model.stage)
          ? first + (2 - i) * 21
          : Math.round(first - 4 - ((i - 2) * (first - 4 - newest)) / Math.max(1, count - 3));
      const version = `${1 + Math.floor(i / 4)}.${i % 4}.0`;
      const digest = digestOf(model.name, version);
      return { model, version, digest, commit: digest.slice(20, 32), daysAgo: Math.max(newest, daysAgo) };
    });
  });
}

/** Where a model serves: streams and requests at an endpoint, batches as a job. */
export const targetOf = (m: PlacedModel) => ({
  name: m.serving === "batch" ? `${m.name}-nightly` : `${m.name}-serve`,
  kind: m.serving === "batch" ? "job" : m.serving === "edge" ? "device" : "endpoint",
  region: m.platform === "on_prem" ? "oslo-1" : "eu-west-1",
});

/** Licence, base model and runtime as the build says them; models of our own making have no licence to name. */
function builtFrom(m: PlacedModel): { licence?: string; baseModel?: string; runtime: string } {
  if (m.kind === "classical") return { runtime: "python 3.12, scikit-learn 1.9" };
  if (m.kind === "deep_learning") return { runtime: "python 3.12, pytorch 2.9" };
  return { licence: "Apache-2.0", baseModel: "mistralai/Mistral-Small-3.2-24B-Instruct-2506", runtime: "vllm 0.11" };
}

const valueKindOf = (name: string): ValueKind =>
  /fraud|anomal|abuse|dispute|launder|sanction/i.test(name)
    ? "loss_avoided"
    : /price|pricing|growth|churn|offer|propensity|recommend/i.test(name)
      ? "revenue"
      : /risk|credit|capital|provision|stress/i.test(name)
        ? "risk_reduction"
        : "cost_saving";

/** Who builds on a hosted model deploys it; who trains their own provides it too. */
const euRoleOf = (kinds: readonly ModelKind[]): EuRole =>
  kinds.every((k) => k === "llm_app" || k === "rag" || k === "agent" || k === "foundation")
    ? "deployer"
    : "provider_and_deployer";

/** A use case is classed as the strictest of its models. */
function strictest(classes: readonly (LegalClass | undefined)[]): { legalClass: LegalClass } | null {
  const found = legalClasses.find((c) => classes.includes(c));
  return found ? { legalClass: found } : null;
}

/** Enters models and versions, and what served before the inventory was taken. */
export function planInventory(world: World, pipeline: () => Actor): void {
  for (const [unit, useCases] of Object.entries(portfolio)) {
    for (const u of useCases) {
      const owner = u.models[0].owner;
      world.plan(world.before(412, 8), `register use case ${u.name}`, async () => {
        await registerUseCase(world.as(owner), {
          name: u.name,
          problem: u.problem,
          sponsor: u.sponsor,
          ...(u.value > 0 ? { value: { amount: u.value, currency: "EUR", kind: valueKindOf(u.name) } } : {}),
          status: u.status === "retired" ? "live" : u.status,
          owner: addressOf(owner),
          euRole: euRoleOf(u.models.map((m) => m.kind)),
          ...(strictest(u.models.map((m) => m.legal)) ?? {}),
          businessUnit: unit,
        });
      });
    }
  }
  for (const m of seedModels) {
    const r = randomFor(`${m.name} day`);
    world.planFor(
      m.name,
      world.before(enteredDaysAgo(m), between(r, 7, 15), between(r, 0, 59)),
      `register ${m.name}`,
      async () => {
        await registerModel(world.as(m.owner), {
          name: m.name,
          description: m.does,
          kind: m.kind,
          method: m.method,
          servingType: m.serving,
          platform: m.platform,
          stage: m.stage === "retired" || m.stage === "retiring" ? "live" : m.stage,
          businessUnit: m.unit,
          owner: addressOf(m.owner),
          backupOwner: addressOf(deputyOf(m)),
          team: haldenTeams[m.unit],
          useCase: m.useCase,
        });
      },
    );
  }
  for (const m of seedModels.filter((m) => m.stage === "retired" || m.stage === "retiring")) {
    const r = randomFor(`${m.name} end`);
    world.planFor(m.name, world.before(between(r, 60, 180), 14), `end of ${m.name}`, async () => {
      await changeStage(world.as(m.owner), {
        name: m.name,
        to: m.stage,
        reason: "Its successor, or the lack of need for one, is on record.",
      });
    });
  }
  for (const v of seedVersions()) {
    const r = randomFor(`${v.model.name} ${v.version}`);
    const entered = enteredDaysAgo(v.model);
    const at = world.before(Math.min(v.daysAgo, entered), 16, between(r, 0, 59));
    const built = world.before(v.daysAgo, between(r, 8, 15), between(r, 0, 59));
    world.planFor(v.model.name, at, `register ${v.model.name} ${v.version}`, async () => {
      await registerVersion(world.as(pipeline()), {
        name: v.model.name,
        version: v.version,
        digest: v.digest,
        commit: v.commit,
        runId: v.digest.slice(0, 12),
        trainedBy: "training-pipeline",
        ...builtFrom(v.model),
        registeredAt: built.toISOString(),
      });
      const served = v.version === "1.1.0" && (v.model.stage === "live" || v.model.stage === "retiring");
      if (served) {
        await reportDeployment(world.as(pipeline()), {
          name: v.model.name,
          version: v.version,
          environment: "prod",
          digest: v.digest,
          since: world.before(v.daysAgo, 20).toISOString(),
          target: targetOf(v.model),
        });
      }
    });
  }
}
