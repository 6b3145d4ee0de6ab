import type { Actor } from "@/lib/core/actor";
import { between, pick, randomFor } from "@/lib/core/random";
import { enrolSoftwareKey } from "@/lib/credentials/enrol-software";
import { signAsPersona } from "@/lib/credentials/persona-keys";
import { pushFacts } from "@/lib/facts/push";
import { reportIncident } from "@/lib/incidents/report";
import { reportDeployment } from "@/lib/models/report-deployment";
import { checkGate } from "@/lib/releases/check-gate";
import { completeApproval } from "@/lib/releases/complete-approval";
import { prepareApproval } from "@/lib/releases/prepare-approval";
import { refreshRelease } from "@/lib/releases/refresh";
import { requestRelease } from "@/lib/releases/request";
import { withdrawRelease } from "@/lib/releases/withdraw";
import { mishaps } from "./data/incidents";
import { seedReviews } from "./data/reviews";
import { chooseEmergencies, planEmergency } from "./emergencies";
import { observations } from "./facts";
import { makeReady, versionOn } from "./governance";
import { enteredDaysAgo, type SeedVersion, seedVersions } from "./inventory";
import { personas } from "./personas";
import { deputyOf, type PlacedModel, seedModels } from "./portfolio";
import { selfService, selfServiceDaysAgo } from "./reviews";
import { tierOf } from "./tiers";
import type { World } from "./world";

/** Model owners with a key, by unit; elsewhere nobody of the demo can sign as owner yet. */
const signingOwner: Record<string, string> = {
  cards: "Priya Raman",
  retail: "Henrik Dahl",
  insurance: "Henrik Dahl",
  finance: "Henrik Dahl",
};

const secondLine = ["Amara Okafor", "Noor Haddad", "Beatrix Lindqvist"] as const;

/** Who signs for a release of this model, in order. */
function signers(m: PlacedModel, r: () => number): string[] {
  const tier = tierOf(m);
  const owner = signingOwner[m.unit];
  if (tier === 1 && owner) return [owner, "Beatrix Lindqvist", "Noor Haddad", "Ingrid Solberg"];
  if (tier === 2 && owner) return [owner, pick(r, secondLine)];
  return tier === 3 || tier === 4 ? ["Tomasz Wieczorek"] : [];
}

/** Whoever asks does not sign: the owner, or the deputy where the owner is the one who signs. */
export const requesterOf = (m: PlacedModel): string => (m.owner === signingOwner[m.unit] ? deputyOf(m) : m.owner);

async function sign(world: World, who: string, release: string, reason = ""): Promise<void> {
  const ctx = world.as(who);
  const prepared = await prepareApproval(ctx, { release, ...(reason ? { decision: "REJECT", reason } : {}) });
  const sig = await signAsPersona(ctx.actor.id, Buffer.from(prepared.statement, "base64"));
  await completeApproval(ctx, { token: prepared.token, dsse: sig.toString("base64") });
}

/** Models that release through the gate: what the board approved, and low tiers that need no board. */
function releasing(): PlacedModel[] {
  const approved = new Set(
    seedReviews.filter((s) => s.end === "approved" || s.end === "approved_with_conditions").map((s) => s.model),
  );
  return seedModels.filter(
    (m) => m.stage === "live" && (approved.has(m.name) || tierOf(m) === 4) && signers(m, () => 0).length > 0,
  );
}

/** Models whose newest request is still open (planOpen). */
const waiting = new Set(["card-fraud-score", "claims-triage", "pd-master-scale", "kyc-name-match"]);

const firstRelease = (m: PlacedModel): number => {
  if (selfService.includes(m)) return selfServiceDaysAgo(m) - 3;
  const review = seedReviews.find((s) => s.model === m.name);
  return review ? review.ago - 30 : enteredDaysAgo(m) - 10;
};

/** Every release of the year, from request to what serves, and what went wrong after it. */
export function planReleases(world: World, pipeline: () => Actor): void {
  for (const persona of personas) {
    world.plan(world.before(419, 9), `key of ${persona.name}`, async () => {
      await enrolSoftwareKey(world.as(), { person: world.as(persona.name).actor.id });
    });
  }
  const mine = new Set(releasing().map((m) => m.name));
  const versions = seedVersions().filter(
    (v) =>
      mine.has(v.model.name) &&
      v.daysAgo >= 2 &&
      v.daysAgo <= firstRelease(v.model) &&
      !(waiting.has(v.model.name) && v.daysAgo < 30),
  );
  const emergencies = chooseEmergencies(versions.filter((v) => signers(v.model, () => 0).length > 0));
  for (const v of versions) planRelease(world, v, emergencies.get(v) ?? null, pipeline);
  planOpen(world, pipeline);
}

function planRelease(
  world: World,
  v: SeedVersion,
  emergency: Parameters<typeof planEmergency>[2] | null,
  pipeline: () => Actor,
): void {
  const m = v.model;
  const r = randomFor(`${m.name} ${v.version} release`);
  const ago = v.daysAgo - 1;
  const requester = requesterOf(m);
  const question = { model: m.name, version: v.version, digest: v.digest, environment: "prod" };
  let ref = "";
  const morning = world.before(ago, 7, 10);
  world.planFor(m.name, morning, `ready ${m.name} ${v.version}`, () => makeReady(world, m, v, morning, pipeline()));
  world.planFor(m.name, world.before(ago, 8, between(r, 0, 59)), `request ${m.name} ${v.version}`, async () => {
    const made = await requestRelease(world.as(requester), {
      model: m.name,
      version: v.version,
      environment: "prod",
      note: pick(r, notes),
    });
    ref = made.ref;
  });
  if (emergency) planEmergency(world, v, emergency, { ref: () => ref, requester }, pipeline);
  if (r() < 0.12) {
    world.planFor(m.name, world.before(ago, 9, 30), `early gate ${m.name}`, async () => {
      await checkGate(world.as(pipeline()), question);
    });
  }
  for (const [i, who] of signers(m, r).entries()) {
    world.planFor(m.name, world.before(ago, 10 + i, between(r, 0, 59)), `${who} signs ${m.name} ${v.version}`, () =>
      sign(world, who, ref),
    );
  }
  world.planFor(m.name, world.before(ago, 15, between(r, 0, 40)), `gate ${m.name} ${v.version}`, async () => {
    const answer = await checkGate(world.as(pipeline()), question);
    if (answer.decision === "deny") {
      await withdrawRelease(world.as(requester), {
        release: ref,
        reason: `The gate named ${answer.reasons[0]?.code ?? "a reason"}; asked again with the next version.`,
      });
      return;
    }
    const served = await reportDeployment(world.as(pipeline()), {
      name: m.name,
      version: v.version,
      environment: "prod",
      digest: v.digest,
    });
    if (served && r() < 0.09) planMishap(world, v, served.id, ago, r);
  });
}

const notes = [
  "Retrained on the last quarter; same features.",
  "Library update and a fix for missing values.",
  "Threshold moved after the monthly review.",
  "New training window; slices checked.",
  "Calibration after the price change.",
] as const;

function planMishap(world: World, v: SeedVersion, deployment: string, ago: number, r: () => number): void {
  const mishap = pick(r, mishaps);
  const started = world.before(Math.max(0, ago - between(r, 0, 5)), between(r, 16, 22));
  const resolved = new Date(Math.min(started.getTime() + between(r, 1, 30) * 3_600_000, world.today.getTime()));
  world.planFor(v.model.name, resolved, `incident of ${v.model.name}`, async () => {
    await reportIncident(world.as(v.model.owner), {
      model: v.model.name,
      title: mishap.title,
      severity: mishap.severity,
      startedAt: started.toISOString(),
      resolvedAt: resolved.toISOString(),
      cause: mishap.cause,
      intervention: mishap.intervention,
      deployment,
    });
  });
}

/** What waits today: a stale signature, a missing one, a question nobody has signed, and a version that went around the gate. */
function planOpen(world: World, pipeline: () => Actor): void {
  const version = (name: string, ago: number): SeedVersion => {
    const model = seedModels.find((m) => m.name === name);
    const found = model && versionOn(model, ago);
    if (!found) throw new Error(`${name} has no version.`);
    return found;
  };
  const open = (name: string, ago: number, who: readonly string[]) => {
    const v = version(name, ago);
    const morning = world.before(ago, 7, 5);
    world.plan(morning, `ready ${name}`, () => makeReady(world, v.model, v, morning, pipeline()));
    let ref = "";
    world.plan(world.before(ago, 8, 15), `request ${name}`, async () => {
      const made = await requestRelease(world.as(requesterOf(v.model)), {
        model: name,
        version: v.version,
        environment: "prod",
        note: "New feature transform; privacy has read the field list.",
      });
      ref = made.ref;
    });
    for (const [i, person] of who.entries()) {
      world.plan(world.before(ago, 10 + i, 20), `${person} signs ${name}`, () => sign(world, person, ref));
    }
    return { v, ref: () => ref };
  };

  const fraud = open("card-fraud-score", 6, ["Noor Haddad"]);
  world.plan(world.before(4, 9), "card-fraud-score is brought up to date", async () => {
    await pushFacts(world.as(pipeline()), {
      facts: observations(fraud.v, world.before(4, 9), ["eval.fairness"], { "eval.fairness_gap": 0.06 }),
      run: `build-${fraud.v.commit}`,
    });
    await refreshRelease(world.as(requesterOf(fraud.v.model)), { release: fraud.ref() });
  });
  world.plan(world.before(4, 14), "the owner signs card-fraud-score", () => sign(world, "Priya Raman", fraud.ref()));
  world.plan(world.before(3, 9), "privacy signs card-fraud-score", () => sign(world, "Beatrix Lindqvist", fraud.ref()));
  world.plan(world.before(0, 6), "CI asks about card-fraud-score", async () => {
    await checkGate(world.as(pipeline()), {
      model: "card-fraud-score",
      version: fraud.v.version,
      digest: fraud.v.digest,
      environment: "prod",
    });
  });
  open("claims-triage", 3, ["Henrik Dahl"]);
  open("pd-master-scale", 2, []);
  open("kyc-name-match", 2, ["Henrik Dahl", "Noor Haddad"]);

  const around = version("wire-anomaly", 2);
  world.plan(world.before(2, 23, 40), "wire-anomaly goes around the gate", async () => {
    await reportDeployment(world.as(pipeline()), {
      name: "wire-anomaly",
      version: around.version,
      environment: "prod",
      digest: around.digest,
    });
  });
}
