import { confirmGlass, prepareConfirmation } from "@/lib/break-glass/confirm";
import { runOutGlass } from "@/lib/break-glass/end";
import { requestGlass } from "@/lib/break-glass/request";
import { reviewGlass } from "@/lib/break-glass/review";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { signAsPersona } from "@/lib/credentials/persona-keys";
import { declareFreeze, liftFreeze } from "@/lib/freezes/keep";
import { checkGate } from "@/lib/releases/check-gate";
import type { SeedVersion } from "./inventory";
import type { World } from "./world";

type Emergency = { justification: string; looked: { findings: string; followUp: string } | null };

/** Two releases of the year that could not wait for their signatures: one was looked at, one waits for it. */
const emergencies: readonly (Emergency & { from: number; to: number })[] = [
  {
    from: 45,
    to: 90,
    justification:
      "The card scheme changed a merchant code at midnight; the live version declines every fuel payment. The fix is one line in the feature map, and nobody who may sign answers before noon.",
    looked: {
      findings:
        "The diff is the one line that was named, and the signature followed the same day. Nobody who may sign was on call, which is why there was an emergency at all.",
      followUp: "Whoever may sign is on the rota of the payment desk from now on.",
    },
  },
  {
    from: 2,
    to: 9,
    justification:
      "Scores stopped at 8:40, when the core system changed its date format: the live version cannot read it. Applications pile up at the desks with every minute.",
    looked: null,
  },
];

/** The releases of the year that went by break-glass, by model and version; each the newest of its window. */
export function chooseEmergencies(versions: readonly SeedVersion[]): Map<SeedVersion, Emergency> {
  return new Map(
    emergencies.flatMap((e) => {
      const [newest] = versions
        .filter((v) => v.daysAgo >= e.from && v.daysAgo <= e.to)
        .toSorted((a, b) => a.daysAgo - b.daysAgo || a.model.name.localeCompare(b.model.name));
      return newest ? [[newest, e] as const] : [];
    }),
  );
}

/** Between the request in the morning and the signatures that follow: asked, confirmed, used, run out, and looked at two days later. */
export function planEmergency(
  world: World,
  v: SeedVersion,
  emergency: Emergency,
  release: { ref: () => string; requester: string },
  pipeline: () => Actor,
): void {
  const { name } = v.model;
  const ago = v.daysAgo - 1;
  let ref = "";
  world.planFor(name, world.before(ago, 9, 2), `break the glass for ${name}`, async () => {
    const { justification } = emergency;
    const asked = await requestGlass(world.as(release.requester), { release: release.ref(), justification, hours: 1 });
    ref = asked.ref;
  });
  world.planFor(name, world.before(ago, 9, 11), `confirm the break-glass for ${name}`, async () => {
    const ctx = world.as("Noor Haddad");
    const prepared = await prepareConfirmation(ctx, { ref });
    const sig = await signAsPersona(ctx.actor.id, Buffer.from(prepared.statement, "base64"));
    await confirmGlass(ctx, { token: prepared.token, dsse: sig.toString("base64") });
  });
  world.planFor(name, world.before(ago, 9, 18), `CI is let through for ${name}`, async () => {
    const { version, digest } = v;
    await checkGate(world.as(pipeline()), { model: name, version, digest, environment: "prod" });
  });
  world.planFor(name, world.before(ago, 10, 15), `the break-glass for ${name} runs out`, async () => {
    await runOutGlass(world.as(), { ref });
  });
  const { looked } = emergency;
  if (looked)
    world.planFor(name, world.before(ago - 1, 16, 20), `look at the break-glass for ${name}`, async () => {
      await reviewGlass(world.as("Amara Okafor"), { ref, verdict: "avoidable", ...looked });
    });
}

/** A freeze that was lifted before it began, and one that comes. */
export function planFreezes(world: World): void {
  let lifted = "";
  const day = (ago: number) => dayOf(new Date(world.today.getTime() - ago * 86_400_000));
  world.plan(world.before(70, 14), "freeze service staging", async () => {
    const { ref } = await declareFreeze(world.as("Noor Haddad"), {
      environment: "staging",
      businessUnit: "service",
      fromDay: day(60),
      fromTime: "18:00",
      untilDay: day(57),
      untilTime: "08:00",
      reason: "The staging cluster moves to new hardware over the weekend.",
    });
    lifted = ref;
  });
  world.plan(world.before(63, 11), "lift the freeze of service staging", async () => {
    await liftFreeze(world.as("Noor Haddad"), { ref: lifted, reason: "The move was put off until spring." });
  });
  world.plan(world.before(1, 15), "freeze insurance production", async () => {
    await declareFreeze(world.as("Ingrid Solberg"), {
      environment: "prod",
      businessUnit: "insurance",
      fromDay: day(-9),
      fromTime: "18:00",
      untilDay: day(-13),
      untilTime: "08:00",
      reason: "Renewals of the motor book go out; nothing changes while brokers quote.",
    });
  });
}
