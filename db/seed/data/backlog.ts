import type { BacklogKind, BacklogState } from "@/lib/backlog/backlog";

/** Debt and wanted capabilities of the demo organisation; days are before today. */
export type SeedItem = {
  kind: BacklogKind;
  title: string;
  why: string;
  justification: string;
  points: number;
  gain: number;
  ago: number;
  by: string;
  owner?: string;
  models?: readonly string[];
  moves?: readonly { ago: number; state: BacklogState; reason: string }[];
};

export const seedBacklog: readonly SeedItem[] = [
  {
    kind: "debt",
    title: "Two feature stores for one truth about customers",
    why: "Every feature on customers is written twice. Twice this year the two stores differed for a day, and scores with them.",
    justification: "One store frees half an engineer and ends a cause of two incidents.",
    points: 34,
    gain: 12,
    ago: 330,
    by: "Tomasz Wieczorek",
    owner: "Tomasz Wieczorek",
    models: ["card-fraud-score", "checkout-credit-score"],
    moves: [{ ago: 150, state: "started", reason: "Cards moves first; the old store turns read-only after that." }],
  },
  {
    kind: "debt",
    title: "Batch jobs that find their tables by name",
    why: "A renamed table stops six jobs at night; someone has to be woken to say which table it is now.",
    justification: "Nights without a call, and lineage that follows a rename.",
    points: 8,
    gain: 5,
    ago: 310,
    by: "Henrik Dahl",
    owner: "Henrik Dahl",
    models: ["pd-master-scale"],
    moves: [{ ago: 190, state: "done", reason: "All six read their tables through the catalogue." }],
  },
  {
    kind: "debt",
    title: "Thresholds kept in code of the callers",
    why: "A new cut-off needs a release of three channels; calibration waits for the slowest of them.",
    justification: "Risk can move a cut-off within a day, with a record of who did.",
    points: 13,
    gain: 6,
    ago: 240,
    by: "Ingrid Solberg",
    models: ["checkout-credit-score", "loan-application-score"],
    moves: [{ ago: 60, state: "planned", reason: "Goes with the new inference gateway." }],
  },
  {
    kind: "debt",
    title: "Serving images that are built by hand",
    why: "Each base image of the insurance team is a day of work, and two critical findings waited for one.",
    justification: "Patches within the promised days, without a person at the keyboard.",
    points: 5,
    gain: 4,
    ago: 170,
    by: "Noor Haddad",
    moves: [{ ago: 40, state: "done", reason: "The pipeline builds them each night." }],
  },
  {
    kind: "debt",
    title: "Prompts that live in a shared document",
    why: "Nobody can say which prompt answered in June; a review asked, and it took a week to find out.",
    justification: "Each answer can be traced to its prompt, as the standard asks.",
    points: 8,
    gain: 3,
    ago: 75,
    by: "Tomasz Wieczorek",
    models: ["policy-qa-assistant"],
  },
  {
    kind: "debt",
    title: "Alerts that nobody has looked at since the team was merged",
    why: "Nine in ten pages are noise; the tenth was missed twice.",
    justification: "Fewer nights lost, and complaints that reach their desk.",
    points: 3,
    gain: 2,
    ago: 30,
    by: "Mirela Popa",
    models: ["complaint-router"],
  },
  {
    kind: "capability",
    title: "Features from streams, fresher than a minute",
    why: "Fraud and account take-over are decided on yesterday's counts; the pattern library offers batch features only.",
    justification: "Fraud losses of the first hour are a third of all; each minute counts.",
    points: 40,
    gain: 9,
    ago: 140,
    by: "Ingrid Solberg",
    owner: "Tomasz Wieczorek",
    models: ["card-fraud-score", "mule-account-finder"],
    moves: [{ ago: 45, state: "planned", reason: "After the one feature store; it is the place for them." }],
  },
  {
    kind: "capability",
    title: "Shadow traffic without code in the caller",
    why: "Each team builds its own copy of requests, and three of them leak test scores into reports.",
    justification: "A week less for each release of tier 1 and 2.",
    points: 13,
    gain: 7,
    ago: 90,
    by: "Tomasz Wieczorek",
    models: ["claims-triage", "loan-application-score", "motor-pricing-glm"],
  },
  {
    kind: "capability",
    title: "Evaluation sets that are kept and versioned in one place",
    why: "The same claims are labelled by two teams; nobody can compare what they measured.",
    justification: "One labelling budget instead of two, and numbers that compare.",
    points: 20,
    gain: 5,
    ago: 25,
    by: "Amara Okafor",
    models: ["claims-triage", "document-authenticity"],
  },
];
