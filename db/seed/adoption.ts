import { adoptForUseCase } from "@/lib/patterns/adopt";
import { decideDeviation } from "@/lib/patterns/deviate";
import { answerGap, reportGap } from "@/lib/patterns/gaps";
import { modelPattern } from "@/lib/patterns/reads";
import type { Adrs } from "./decisions";
import { enteredDaysAgo } from "./inventory";
import { portfolio, seedModels } from "./portfolio";
import type { World } from "./world";

/** Deviations whose decision is written down, by the decision's title. */
const decided = [
  ["document-authenticity", "Forged-document detector runs the vendor's container"],
  ["invoice-extraction-llm", "Hosted model for supplier invoices"],
] as const;

/** What owners miss in the library, and what the architects said to it. */
const missed = [
  {
    model: "fleet-driver-risk",
    missing:
      "Models that run in a vehicle: updates through the vendor's channel, scores without a network, drift seen a week late.",
    answer: "Signed updates and late telemetry come back in three teams; a pattern for devices is written this winter.",
  },
  {
    model: "acquirer-router",
    missing: "A router that learns between reviews. Every pattern expects a fixed model for each release.",
    answer: null,
  },
  {
    model: "storefront-reader",
    missing: "A crawler that feeds a model: pages change faster than the nightly load of the feature platform.",
    answer: null,
  },
  {
    model: "var-proxy",
    missing: "A model inside the process of a bought risk engine, without a network hop and without our gateway.",
    answer: null,
  },
] as const;

/** Use cases that chose before their models did, by business unit and place in the portfolio; the first on a text of then. */
const chosenFirst = [
  { unit: "cards", place: 0, pattern: "online-inference-kubernetes", version: 1 },
  { unit: "service", place: 0, pattern: "rag-assistant-guardrails", version: undefined },
] as const;

/** Deviations meet their decisions, use cases choose, and what the library lacks is said. */
export function planAdoption(world: World, adrs: Adrs): void {
  for (const { unit, place, pattern, version } of chosenFirst) {
    const useCase = portfolio[unit][place];
    if (!useCase) throw new Error(`The demo has no use case ${place} of ${unit}.`);
    world.plan(world.before(34, 15), `pattern of the use case ${useCase.name}`, async () => {
      await adoptForUseCase(world.as(useCase.models[0].owner), { useCase: useCase.name, pattern, version });
    });
  }
  const find = (name: string) => {
    const model = seedModels.find((m) => m.name === name);
    if (!model) throw new Error(`The demo has no model ${name}.`);
    return model;
  };
  for (const [name, title] of decided)
    world.plan(world.before(20, 13), `name the decision for ${name}`, async () => {
      const owner = world.as(find(name).owner);
      const [deviation] = (await modelPattern(owner, { name })).deviations;
      const adr = adrs.get(title)?.ref;
      if (!deviation || !adr) throw new Error(`${name} departs from nothing, or “${title}” was never proposed.`);
      await decideDeviation(owner, { name, id: deviation.id, adr });
    });
  for (const { model: name, missing, answer } of missed) {
    const model = find(name);
    const ago = Math.min(26, enteredDaysAgo(model) - 2);
    let gap = "";
    world.planFor(name, world.before(ago, 14), `no pattern fits ${name}`, async () => {
      gap = (await reportGap(world.as(model.owner), { name, missing })).id;
    });
    if (answer)
      world.planFor(name, world.before(Math.max(1, ago - 8), 10), `answer what ${name} lacks`, async () => {
        await answerGap(world.as("Tomasz Wieczorek"), { id: gap, state: "planned", answer });
      });
  }
}
