import type { Platform, ServingType } from "@/lib/models/model";
import type { Submission } from "@/lib/reviews/submission";
import type { SeedUseCase } from "./data/shape";
import type { PlacedModel } from "./portfolio";
import { between, pick, randomFor } from "./random";

const home: Record<Platform, string> = {
  databricks: "the Databricks workspace of the group",
  sagemaker: "SageMaker in eu-north-1",
  vertex_ai: "Vertex AI in europe-north1",
  azure_ml: "Azure ML in Sweden Central",
  snowflake: "Snowflake, next to the warehouse tables it reads",
  mlflow: "the group's MLflow",
  on_prem: "our own cluster in the Fornebu data centre",
  other: "the supplier's device platform",
};

const serving: Record<ServingType, (r: () => number) => string> = {
  batch: (r) =>
    `Runs nightly at 0${between(r, 1, 4)}:30 and writes ${between(r, 40, 900)},000 rows. Objective: complete by 06:00 on 99 % of days. If a run fails, yesterday's scores stay in use, marked as one day old; after two days the consuming process falls back to its rules.`,
  online: (r) =>
    `Answers ${between(r, 20, 400)} requests a second at peak, p99 under ${between(r, 80, 300)} ms, behind the inference gateway. On timeout the caller uses the rule that was in place before, and the event is counted against the error budget.`,
  streaming: (r) =>
    `Scores ${between(r, 200, 2400)} events a second, p99 under ${between(r, 30, 90)} ms end to end. If the scorer is late, events pass with the previous rule set; lag over 30 s pages the on-call engineer.`,
  edge: () =>
    "Runs on the device, without a network. A device that cannot load the new model keeps the old one and reports its digest at the next connection.",
};

const deep = (m: PlacedModel) => m.kind === "deep_learning" || m.kind === "foundation";
const generative = (m: PlacedModel) => m.kind === "llm_app" || m.kind === "rag" || m.kind === "agent";

function evaluation(m: PlacedModel, r: () => number): string {
  if (generative(m))
    return `${m.method}. An evaluation set of ${between(r, 180, 900)} real cases, written by ${pick(r, ["two clerks", "three agents", "the team leads"])} before any prompt was tuned, gates each change of prompt, model or retrieval. Threshold set beforehand: ${between(r, 92, 97)} % of answers correct and supported; measured ${between(r, 94, 98)} %. ${between(r, 60, 240)} crafted inputs test injection and leakage.`;
  if (deep(m))
    return `${m.method}, trained on ${between(r, 80, 900)},000 labelled examples with a time split. Thresholds were written into the plan before the test: error under ${between(r, 4, 9)}.0 % overall and under ${between(r, 9, 12)}.0 % in the worst slice; measured ${between(r, 2, 4)}.${between(r, 1, 9)} % and ${between(r, 5, 8)}.${between(r, 1, 9)} %. The baseline it replaces has ${between(r, 10, 15)}.${between(r, 1, 9)} %.`;
  return `${m.method} on ${between(r, 14, 60)} features. Out-of-time test over ${between(r, 4, 9)} months: AUC 0.${between(r, 78, 95)} against 0.${between(r, 66, 76)} for the present rule. Calibration error under ${between(r, 1, 3)} %. Thresholds and slices were fixed with validation in advance; no slice is worse than the baseline.`;
}

/** The submission an owner of this model would write: from what the inventory says of it, in plain words. */
export function submissionFor(m: PlacedModel, u: SeedUseCase): Submission {
  const r = randomFor(m.name);
  const does = m.does.replace(/\.$/, "");
  const own = m.owner.split(" ")[0];
  return {
    changeType: "new_model",
    sponsor: u.sponsor,
    asks: `Approve ${m.name} for production in ${home[m.platform]}, for the use described here and for twelve months. We ask for versions of the present major line; a new data class or a new use comes back.`,
    problem: `${u.problem} ${m.name} ${does.charAt(0).toLowerCase()}${does.slice(1)}. Benefit is measured against the process as it runs today, with ${pick(r, ["a holdout of five percent", "a pilot in two branches", "the same weeks of last year", "a random control group"])}; the sponsor is ${u.sponsor}.`,
    risk: `The twelve answers are in the inventory. What drives the tier most: ${pick(r, ["how far it acts without a person", "the number of customers it touches each month", "the kind of data it reads", "how hard a wrong output is to undo"])}. ${m.legal === "high_risk_annex_iii" ? "It falls under Annex III of the EU AI Act; the technical file is kept by section and complete but for the declaration." : m.legal === "annex_iii_not_high_risk" ? "It is near Annex III; the written case for not high-risk is attached and names the condition of Article 6(3)." : m.legal === "transparency_art50" ? "People are told that they deal with an AI system, on the screen and in the first sentence." : "No part of Annex III applies."}`,
    architecture: m.deviations
      ? `Follows the reference architecture but for one thing. ${m.deviations} The decision record says what we gain and how we would come back.`
      : `Follows the reference architecture without deviation: ${m.serving === "batch" ? "tables in, scores out under a run id, a view on the good run" : "gateway, feature read, model server, decision log"}. Nothing here is new to the group.`,
    data: `Reads ${pick(r, ["account movements", "claims and policy records", "payment events", "case files", "product and contract data"])} of the last ${between(r, 12, 60)} months, all of it in the European Economic Area. Purposes are tagged in the catalogue. ${generative(m) ? "Prompts are masked before they leave and are not kept by the supplier." : "Scores are kept 400 days, inputs as long as their source."} No field was added for this model without the data owner's word.`,
    model: evaluation(m, r),
    serving: serving[m.serving](r),
    oversight: `${own} and a deputy see the weekly report. ${pick(r, ["A team lead", "The duty officer", "The head of operations"])} can switch it off from the console; that was rehearsed on ${between(r, 2, 27)} ${pick(r, ["May", "June", "August", "September"])} and took ${between(r, 2, 9)} minutes. Overrides are logged with a reason and read monthly.`,
    security: `${generative(m) ? "Input is hostile by assumption: instructions inside documents are never followed, and tools are on an allow-list." : "Input comes from our own systems; the scoring endpoint is not reachable from outside."} Weights and artefacts are scanned and in a safe format. Access to training data is by role and reviewed each quarter. Open findings at submission: none above medium.`,
    thirdParties: generative(m)
      ? "One supplier behind the egress proxy, under the group's contract with zero retention. Exit: the evaluation set runs against our own 8B model each quarter, so that we know the cost of leaving in points of quality."
      : m.platform === "on_prem"
        ? "None. Libraries are open source and pinned."
        : "The platform's vendor only. The model is exported in an open format each release, and was loaded elsewhere once, as a test.",
    cost: `About EUR ${between(r, 6, 90)},000 a year to run, EUR 0.${between(r, 10, 60)} per thousand ${m.serving === "batch" ? "rows" : "requests"}. Budget owner is ${u.sponsor}. An alert fires at 80 % of the month's budget${generative(m) ? "; tokens have a hard cap" : ""}.`,
    options: `Leave the process as it is: rejected, the problem grows with volume. Buy: ${pick(r, ["two products were tried on our data and lost by a wide margin", "the one product that fits would not let us see its features", "priced at three times this estimate"])}. A simpler model: kept as the fallback.`,
    risks: `Drift in ${pick(r, ["customer mix", "prices", "claims inflation", "document layouts"])}: owner ${own}, monitored daily, response in the runbook. Wrong outputs for small groups: owner ${own}, slices on each release. Dependence on one engineer: deputy named, runbook walked by the second team.`,
    advice: `${pick(r, ["Beatrix Lindqvist (privacy) asked for a shorter retention; done.", "Noor Haddad (security) asked for the artefact scan in the pipeline rather than by hand; done.", "Lars Holm (monitoring) asked for an alert that names its action; done."])} ${pick(r, ["The works council was informed.", "Two neighbouring teams read the draft.", "Operations walked the runbook."])}`,
    rollback: `One step back to the version before, by ${m.serving === "batch" ? "moving the current view to the previous run" : "the gateway's split"}. Tried in staging, ${between(r, 1, 12)} minutes; nothing is lost but the newer scores.`,
    retirement: `Ends when ${pick(r, ["the core system's own function arrives, planned for 2029", "its successor has run in shadow for a quarter", "the process it serves is merged"])}, at the latest three years after go-live. Consumers are listed in lineage; data goes with the retention schedule.`,
    newDataClass: false,
    newVendor: m.kind === "llm_app" && m.method.startsWith("Hosted"),
    newRegion: false,
    newPattern: m.deviations !== undefined && m.pattern === undefined,
    agentWriteAccess: m.kind === "agent",
    crossUnit: m.unit === "finance" && m.serving !== "online",
    irreversible: false,
    mandatoryDeviation: false,
  };
}
