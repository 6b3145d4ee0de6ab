import { between, pick, randomFor } from "@/lib/core/random";
import type { Platform, ServingType } from "@/lib/models/model";
import type { Submission } from "@/lib/reviews/submission";
import type { SeedUseCase } from "./data/shape";
import type { PlacedModel } from "./portfolio";

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

/** How it runs: what it is held to, how much it answers, and what happens when it does not. */
function runs(m: PlacedModel, r: () => number): { serviceLevels: string; load: string; failure: string } {
  const serving: Record<ServingType, () => { serviceLevels: string; load: string; failure: string }> = {
    batch: () => ({
      serviceLevels: "Complete by 06:00 on 99 % of days",
      load: `Nightly at 0${between(r, 1, 4)}:30, ${between(r, 40, 900)},000 rows`,
      failure:
        "Yesterday's scores stay in use, marked as one day old; after two days the consuming process falls back to its rules.",
    }),
    online: () => ({
      serviceLevels: `p99 under ${between(r, 80, 300)} ms, behind the inference gateway`,
      load: `${between(r, 20, 400)} requests a second at peak`,
      failure:
        "On timeout the caller uses the rule that was in place before, and the event is counted against the error budget.",
    }),
    streaming: () => ({
      serviceLevels: `p99 under ${between(r, 30, 90)} ms end to end`,
      load: `${between(r, 200, 2400)} events a second`,
      failure:
        "If the scorer is late, events pass with the previous rule set; lag over 30 s pages the on-call engineer.",
    }),
    edge: () => ({
      serviceLevels: "Answers without a network",
      load: `${between(r, 200, 4000)} devices`,
      failure:
        "A device that cannot load the new model keeps the old one and reports its digest at the next connection.",
    }),
  };
  return serving[m.serving]();
}

const deep = (m: PlacedModel) => m.kind === "deep_learning" || m.kind === "foundation";
const generative = (m: PlacedModel) => m.kind === "llm_app" || m.kind === "rag" || m.kind === "agent";

function tested(m: PlacedModel, r: () => number): { evaluation: string; model: string } {
  if (generative(m))
    return {
      evaluation: `An evaluation set of ${between(r, 180, 900)} real cases, written by ${pick(r, ["two clerks", "three agents", "the team leads"])} before any prompt was tuned, gates each change of prompt, model or retrieval. Threshold set beforehand: ${between(r, 92, 97)} % of answers correct and supported.`,
      model: `Measured ${between(r, 94, 98)} % correct and supported. ${between(r, 60, 240)} crafted inputs test injection and leakage.`,
    };
  if (deep(m))
    return {
      evaluation: `A time split; thresholds written into the plan before the test: error under ${between(r, 4, 9)}.0 % overall and under ${between(r, 9, 12)}.0 % in the worst slice.`,
      model: `Measured ${between(r, 2, 4)}.${between(r, 1, 9)} % overall and ${between(r, 5, 8)}.${between(r, 1, 9)} % in the worst slice. The baseline it replaces has ${between(r, 10, 15)}.${between(r, 1, 9)} %.`,
    };
  return {
    evaluation: `Out-of-time test over ${between(r, 4, 9)} months; AUC, calibration and slices were fixed with validation in advance.`,
    model: `AUC 0.${between(r, 78, 95)} against 0.${between(r, 66, 76)} for the present rule. Calibration error under ${between(r, 1, 3)} %; no slice is worse than the baseline.`,
  };
}

/** The submission an owner of this model would write: from what the inventory says of it, in plain words. */
export function submissionFor(m: PlacedModel, u: SeedUseCase, daysAhead: (days: number) => string): Submission {
  const r = randomFor(m.name);
  const does = m.does.replace(/\.$/, "");
  const own = m.owner.split(" ")[0];
  const { sources, ...dataRest } = data(m, r);
  return {
    changeType: "new_model",
    system: u.name,
    sponsor: u.sponsor,
    ...(u.models.length > 1
      ? {
          apart: `${u.name} has ${u.models.length} models; this one has data, owners and a pace of change of its own, and is asked for by itself.`,
        }
      : {}),
    targetDate: daysAhead(between(r, 30, 75)),
    asks: `Approve ${m.name} for production in ${home[m.platform]}, for the use described here and for twelve months. We ask for versions of the present major line; a new data class or a new use comes back.`,
    problem: `${u.problem} ${m.name} ${does.charAt(0).toLowerCase()}${does.slice(1)}.`,
    users: pick(r, [
      `${between(r, 12, 90)} case workers and their team leads`,
      `${between(r, 3, 14)} analysts, and the customers whose cases they decide`,
      `The process itself; ${between(r, 4, 20)} people read its exceptions`,
    ]),
    supports: `${m.does.charAt(0).toUpperCase()}${does.slice(1)}: a person decides where it is unsure, and can overrule it anywhere.`,
    benefit: `Against the process as it runs today, with ${pick(r, ["a holdout of five percent", "a pilot in two branches", "the same weeks of last year", "a random control group"])}; success is agreed with ${u.sponsor}.`,
    risk: `The twelve answers are in the inventory. What drives the tier most: ${pick(r, ["how far it acts without a person", "the number of customers it touches each month", "the kind of data it reads", "how hard a wrong output is to undo"])}. ${m.legal === "high_risk_annex_iii" ? "It falls under Annex III of the EU AI Act; the technical file is kept by section and complete but for the declaration." : m.legal === "annex_iii_not_high_risk" ? "It is near Annex III; the written case for not high-risk is attached and names the condition of Article 6(3)." : m.legal === "transparency_art50" ? "People are told that they deal with an AI system, on the screen and in the first sentence." : "No part of Annex III applies."}`,
    reference: m.pattern
      ? `${m.pattern}, ${m.deviations ? "with one deviation" : "without deviation"}`
      : "None; the decision record says why.",
    diagram: `https://git.halden.example/architecture/${m.name}/diagram.mmd`,
    ...(m.deviations
      ? {
          architecture: `Follows the reference architecture but for one thing. ${m.deviations} The decision record says what we gain and how we would come back.`,
        }
      : {
          architecture: `${m.serving === "batch" ? "Tables in, scores out under a run id, a view on the good run" : "Gateway, feature read, model server, decision log"}. Nothing here is new to the group.`,
        }),
    sources,
    ...dataRest,
    method: m.method,
    baseModel: generative(m)
      ? "The group's hosted model, under the supplier's enterprise terms"
      : deep(m)
        ? "An open checkpoint, Apache-2.0"
        : "None; trained from our own data",
    training: generative(m)
      ? "Not trained by us; prompts and retrieval are versioned and reviewed like code."
      : `Retrained ${pick(r, ["monthly", "each quarter", "when drift passes its bound"])} by the pipeline, from a snapshot that can be rebuilt; released by a person.`,
    ...tested(m, r),
    servingType: `${m.serving.charAt(0).toUpperCase()}${m.serving.slice(1)}, in ${home[m.platform]}`,
    ...runs(m, r),
    oversight: `${own} and a deputy see the weekly report. ${pick(r, ["A team lead", "The duty officer", "The head of operations"])} can switch it off from the console; that was rehearsed on ${between(r, 2, 27)} ${pick(r, ["May", "June", "August", "September"])} and took ${between(r, 2, 9)} minutes. Overrides are logged with a reason and read monthly.`,
    security: `${generative(m) ? "Input is hostile by assumption: instructions inside documents are never followed, and tools are on an allow-list." : "Input comes from our own systems; the scoring endpoint is not reachable from outside."} Weights and artefacts are scanned and in a safe format. Access to training data is by role and reviewed each quarter. Open findings at submission: none above medium.`,
    thirdParties: generative(m)
      ? "One supplier behind the egress proxy, under the group's contract with zero retention. Exit: the evaluation set runs against our own 8B model each quarter, so that we know the cost of leaving in points of quality."
      : m.platform === "on_prem"
        ? "None. Libraries are open source and pinned."
        : "The platform's vendor only. The model is exported in an open format each release, and was loaded elsewhere once, as a test.",
    estimate: `About EUR ${between(r, 6, 90)},000 a year to run, EUR 0.${between(r, 10, 60)} per thousand ${m.serving === "batch" ? "rows" : "requests"}.`,
    budgetOwner: u.sponsor,
    cost: `An alert fires at 80 % of the month's budget${generative(m) ? "; tokens have a hard cap" : ""}.`,
    optionList: [
      { option: "Leave the process as it is", why: "The problem grows with volume." },
      {
        option: "Buy",
        why: pick(r, [
          "Two products were tried on our data and lost by a wide margin.",
          "The one product that fits would not let us see its features.",
          "Priced at three times this estimate.",
        ]),
      },
      { option: "A simpler model", why: "Less exact in the cases that matter; kept as the fallback." },
    ],
    riskList: [
      {
        risk: `Drift in ${pick(r, ["customer mix", "prices", "claims inflation", "document layouts"])}`,
        owner: m.owner,
        treatment: "Reduced: monitored daily, response in the runbook.",
      },
      { risk: "Wrong outputs for small groups", owner: m.owner, treatment: "Reduced: slices on each release." },
      {
        risk: "Dependence on one engineer",
        owner: u.sponsor,
        treatment: "Reduced: deputy named, runbook walked by the second team.",
      },
    ],
    adviceList: [
      pick(r, [
        {
          who: "Beatrix Lindqvist, privacy",
          said: "Keep inputs for a shorter time.",
          done: "Followed; the schedule was cut.",
        },
        { who: "Noor Haddad, security", said: "Scan artefacts in the pipeline, not by hand.", done: "Followed." },
        { who: "Lars Holm, monitoring", said: "An alert should name the action it asks for.", done: "Followed." },
      ]),
      pick(r, [
        { who: "The works council", said: "Informed; no objection.", done: "Nothing to do." },
        { who: "Two neighbouring teams", said: "Share the feature table.", done: "Not now: their refresh is weekly." },
        { who: "Operations", said: "Walk the runbook with the night shift.", done: "Walked on a Sunday night." },
      ]),
    ],
    rollback: `A two-way door. One step back to the version before, by ${m.serving === "batch" ? "moving the current view to the previous run" : "the gateway's split"}. Tried in staging, ${between(r, 1, 12)} minutes; nothing is lost but the newer scores.`,
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

function data(m: PlacedModel, r: () => number) {
  const months = between(r, 12, 60);
  return {
    sources: `${pick(r, ["Account movements", "Claims and policy records", "Payment events", "Case files", "Product and contract data"])} of the last ${months} months. No field was added for this model without the data owner's word.`,
    classes: pick(r, [
      "Personal data, no special category",
      "Confidential business data, no personal data",
      "Personal data; national ids are masked",
    ]),
    residency: "The European Economic Area; nothing leaves it.",
    rights: `Purposes are tagged in the catalogue; ${pick(r, ["contract", "legitimate interest, balanced in writing", "legal duty"])}.`,
    retention: generative(m)
      ? "Prompts are masked before they leave and are not kept by the supplier; logs 90 days."
      : "Scores are kept 400 days, inputs as long as their source.",
  };
}
