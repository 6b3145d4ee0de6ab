import type { OptionKind } from "@/lib/evaluations/evaluation";

type SeedOption = {
  name: string;
  kind: OptionKind;
  note: string;
  /** Score and what it is based on, by criterion; what is left out is not known. */
  scores: Readonly<Record<string, readonly [score: number, reason: string]>>;
};

type SeedEvaluation = {
  title: string;
  need: string;
  by: string;
  scorer: string;
  ago: number;
  options: readonly SeedOption[];
  concluded: { ago: number; chosen: string; reason: string } | null;
};

export const seedEvaluations: readonly SeedEvaluation[] = [
  {
    title: "Feature platform for decisions within a second",
    need: "Payment risk and retail modelling need the same features in training and at decision time, for nine models, by the summer. Today each team joins for itself, and two incidents last year were joins that saw the future.",
    by: "Ingrid Solberg",
    scorer: "Tomasz Wieczorek",
    ago: 160,
    options: [
      {
        name: "Open-source store on our clusters",
        kind: "adopt",
        note: "Offline on the lakehouse, online on the key-value store that payments run already.",
        scores: {
          need: [4, "Pilot with card fraud: seven of eight requirements, no streaming joins."],
          control: [5, "Definitions are files in our repository; each read carries the commit."],
          security: [5, "Nothing leaves our accounts; Noor's review of 12 pages found nothing above medium."],
          exit: [5, "Tables are ours, in an open format. The pilot was moved between two stores in four days."],
          time: [3, "Two quarters at last year's speed of the platform team."],
          tco: [3, "2.1 people to run it, estimated from what the message bus takes."],
          people: [3, "Four know it from the pilot; a rota needs six."],
          edge: [2, "Plumbing, except for the definitions themselves."],
        },
      },
      {
        name: "Managed feature platform",
        kind: "buy",
        note: "Enterprise edition in our cloud account, control plane with the supplier.",
        scores: {
          need: [5, "All eight, shown on our transactions in a two-week trial."],
          control: [3, "Lineage is exported daily, not with each answer."],
          security: [3, "Feature names and statistics reach the control plane. Values do not."],
          exit: [2, "Transformations are in its own language; nobody could name a customer who left."],
          time: [5, "Six weeks, plus eleven of procurement."],
          tco: [2, "Offer of 410 thousand a year, rising with reads; twice the volume is 700."],
          people: [4, "Hotline with 30 minutes, and two people of ours."],
          edge: [2, "A competitor uses the same."],
        },
      },
      {
        name: "Go on as each team does",
        kind: "keep",
        note: "With a checklist for joins and a reviewer.",
        scores: {
          need: [1, "Both incidents had a reviewer."],
          control: [2, "Found in repositories, after asking."],
          security: [4, "As today: our clusters, our keys."],
          exit: [4, "Nothing to leave, much to tidy."],
          time: [5, "It is there."],
          tco: [2, "Nine pipelines of half a person each, counted from time sheets."],
          people: [2, "Two people can repair the one for fraud."],
          edge: [1, "None that anybody would want."],
        },
      },
    ],
    concluded: {
      ago: 138,
      chosen: "a",
      reason:
        "Leaving the managed one would mean rewriting every transformation, and the pilot has shown that we can run the other. We pay for it with a quarter. Streaming joins are looked at again when fraud can say what a minute is worth.",
    },
  },
  {
    title: "Guardrails for the service assistant",
    need: "Answers of the assistant to customers must be checked for leaks of personal data, for advice that we may not give, and for injected instructions, within 300 ms and in six languages, before the pilot leaves the staff.",
    by: "Tomasz Wieczorek",
    scorer: "Tomasz Wieczorek",
    ago: 24,
    options: [
      {
        name: "Guard service of the cloud",
        kind: "buy",
        note: "Called by the gateway for each answer.",
        scores: {
          need: [3, "Four of six languages on our set of 1,200 answers; misses advice in Danish and Finnish."],
          control: [2, "Says that it blocked, not by which rule."],
          security: [4, "Our region, no retention, in the contract that we have."],
          exit: [4, "One call behind the gateway."],
          time: [5, "Is switched on, in the test account."],
          people: [4, "Nothing to run; the gateway team answers."],
          edge: [1, "Everybody has it."],
        },
      },
      {
        name: "Small classifiers of our own",
        kind: "build",
        note: "Three, trained on the complaints archive.",
        scores: {
          need: [4, "Prototype finds 91 of 100 forbidden advices in all six; injections not tried."],
          control: [5, "Each block names rule, score and version."],
          security: [5, "On our clusters; the archive does not move."],
          exit: [5, "Code and weights are ours."],
          time: [2, "Three quarters, of which one is labelling by the complaints team."],
          tco: [3, "One person and a half, two small GPUs."],
          people: [3, "Claims analytics has built two like them."],
          edge: [3, "The archive is the advantage, not the classifier."],
        },
      },
    ],
    concluded: null,
  },
];
