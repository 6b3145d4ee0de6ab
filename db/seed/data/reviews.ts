/** A review of the demo organisation, as the board remembers it. Days are before today. */
export type SeedReview = {
  model: string;
  title: string;
  /** Day of submission, and business days until the board was done (absent: it still waits). */
  ago: number;
  took?: number;
  end:
    | "draft"
    | "in_review"
    | "changes_requested"
    | "approved"
    | "approved_with_conditions"
    | "deferred"
    | "rejected"
    | "withdrawn";
  comments?: readonly {
    by: string;
    section: "data" | "model" | "serving" | "oversight" | "security" | "thirdParties" | "architecture" | "risks";
    text: string;
  }[];
  findings?: readonly {
    by: string;
    section: "data" | "model" | "serving" | "oversight" | "security" | "thirdParties" | "architecture" | "risks";
    severity: "must_fix" | "should_fix" | "note";
    title: string;
    text: string;
    resolution?: string;
  }[];
  votes?: readonly {
    by: string;
    choice: "approve" | "approve_with_conditions" | "reject" | "abstain";
    reason?: string;
  }[];
  recused?: { by: string; reason: string };
  rationale?: string;
  conditions?: readonly {
    text: string;
    kind: "before_build" | "before_release" | "after_release";
    dueIn: number;
    answer?: string;
    accepted?: boolean;
  }[];
};

const board = (choice: "approve" | "approve_with_conditions", ...names: string[]) =>
  names.map((by) => ({ by, choice }));

export const seedReviews: readonly SeedReview[] = [
  {
    model: "card-fraud-score",
    title: "Declines without a person, yearly renewal",
    ago: 318,
    took: 12,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Beatrix Lindqvist",
        section: "oversight",
        severity: "must_fix",
        title: "A declined customer is not told how to contest",
        text: "The text message names no way back. A decline without a person needs one that works at night.",
        resolution: "The message links to a confirmation in the app; the night desk can lift a decline.",
      },
    ],
    votes: [
      ...board("approve_with_conditions", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist"),
      { by: "Tomasz Wieczorek", choice: "approve" },
    ],
    rationale:
      "The benefit is large and measured, and the way back for customers now works. Age bands are watched because the pilot showed a spread.",
    conditions: [
      {
        text: "Report the false-decline rate by age band each month to the board.",
        kind: "before_release",
        dueIn: 60,
        answer: "First three monthly reports published; worst band 0.44 %.",
        accepted: true,
      },
    ],
  },
  {
    model: "checkout-credit-score",
    title: "Automatic instalment credit at the till",
    ago: 296,
    took: 14,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Amara Okafor",
        section: "model",
        severity: "must_fix",
        title: "Reject inference is not explained",
        text: "Declined applicants have no outcome; the plan says nothing of how they enter the next training set.",
        resolution: "A random two percent of declines above the line are accepted up to EUR 200; section rewritten.",
      },
      {
        by: "Beatrix Lindqvist",
        section: "data",
        severity: "should_fix",
        title: "Basket contents are kept for two years",
        text: "The score needs the amount and the merchant, not the items.",
        resolution: "Items are dropped at ingestion.",
      },
    ],
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale:
      "Annex III applies and the technical file is in order. The fairness test found no group under four fifths; the board wants the same test in production.",
    conditions: [
      {
        text: "Fairness test on live decisions after the first quarter, by age band and sex.",
        kind: "after_release",
        dueIn: 120,
        answer: "Test over 61,000 decisions; lowest ratio 0.87.",
        accepted: true,
      },
      {
        text: "Adverse action letter names the three strongest reasons.",
        kind: "before_release",
        dueIn: 30,
        answer: "Letter live since the first release; sample of 50 attached.",
        accepted: true,
      },
    ],
  },
  {
    model: "basket-affordability",
    title: "Free income from account flows",
    ago: 288,
    took: 9,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Follows the pattern, uses less data than the model it replaces, and errs towards declining.",
  },
  {
    model: "mortgage-affordability",
    title: "Repayment under stress for households",
    ago: 271,
    took: 16,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Amara Okafor",
        section: "model",
        severity: "must_fix",
        title: "The stress path stops at 2024 rates",
        text: "Rates went past the top of the path this spring.",
        resolution: "Path extended by two points; results unchanged in rank.",
      },
    ],
    votes: [
      ...board("approve_with_conditions", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Tomasz Wieczorek"),
      { by: "Beatrix Lindqvist", choice: "abstain", reason: "I advised the team on retention last year." },
    ],
    rationale: "A tool for the officer, not a decision. The stress path is the board's one worry and is dealt with.",
    conditions: [
      {
        text: "Back-test against forbearance cases of the year, reviewed by model risk.",
        kind: "before_release",
        dueIn: 45,
        answer: "Back-test report, 412 cases; model risk signed it.",
        accepted: true,
      },
    ],
  },
  {
    model: "credit-limit-advisor",
    title: "Quarterly limits with a person above EUR 5,000",
    ago: 252,
    took: 10,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale:
      "The line at EUR 5,000 is where people change outcomes. The board asks for the overturn rate each quarter.",
  },
  {
    model: "loan-application-score",
    title: "Consumer loans, straight through for the clear ones",
    ago: 243,
    took: 13,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Noor Haddad",
        section: "security",
        severity: "must_fix",
        title: "The scoring endpoint accepts calls from the test network",
        text: "A routing rule from the migration is still there.",
        resolution: "Rule removed; network test added to the release pipeline.",
      },
    ],
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale:
      "Sound, and calmer than the model before it. One network finding is closed; the alternative for thin files needs work.",
    conditions: [
      {
        text: "Describe and test how applicants without credit history are treated.",
        kind: "before_release",
        dueIn: 40,
        answer: "Thin-file policy and test over 2,300 applicants.",
        accepted: true,
      },
    ],
  },
  {
    model: "aml-alert-ranker",
    title: "Ordering of transaction-monitoring alerts",
    ago: 226,
    took: 17,
    end: "approved_with_conditions",
    comments: [
      {
        by: "Samuel Oyelaran",
        section: "risks",
        text: "The supervisor will ask how many true alerts sit below the cut. Have the random sample ready.",
      },
    ],
    findings: [
      {
        by: "Amara Okafor",
        section: "model",
        severity: "must_fix",
        title: "Labels come from what analysts had time for",
        text: "Training on closed alerts teaches capacity, not suspicion.",
        resolution: "Random audit sample of 300 a month feeds training and the recall estimate.",
      },
    ],
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale: "No alert is closed by a machine. The audit sample makes recall a number.",
    conditions: [
      {
        text: "Rollback drill in production with the night team.",
        kind: "before_release",
        dueIn: 60,
        answer: "Drill on a Sunday night; back on the previous order in six minutes.",
        accepted: true,
      },
    ],
  },
  {
    model: "kyc-name-match",
    title: "Name screening across alphabets",
    ago: 209,
    took: 11,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale:
      "Zero missed on the sanction test set, a third fewer alerts, and a reason an analyst can put in a letter.",
  },
  {
    model: "ifrs9-ecl-retail",
    title: "Expected credit loss, committee weights",
    ago: 218,
    took: 15,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Weights are minuted and the run checks that it uses them. External audit saw the draft.",
  },
  {
    model: "ifrs9-staging-flags",
    title: "Significant increase in credit risk",
    ago: 201,
    took: 9,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Same data and controls as the loss model; thresholds were agreed with finance before the test.",
  },
  {
    model: "document-authenticity",
    title: "Forged documents, the vendor's container",
    ago: 176,
    took: 19,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Noor Haddad",
        section: "thirdParties",
        severity: "must_fix",
        title: "Weights cannot be scanned",
        text: "The container is opaque to our scanner. A pinned digest tells us that it changed, not what it does.",
        resolution: "Runs without network and without write access; digest pinned; vendor's own scan attached.",
      },
    ],
    votes: [
      ...board("approve_with_conditions", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Tomasz Wieczorek"),
      {
        by: "Beatrix Lindqvist",
        choice: "reject",
        reason:
          "Face images leave the device before the customer has agreed to it. The order of the screens must change first.",
      },
    ],
    rationale:
      "Detection is far ahead of what we could build. Privacy's objection concerns the screens, which change before release by condition 1; dissent is on record.",
    conditions: [
      {
        text: "Consent screen before the first picture, tested with ten customers.",
        kind: "before_release",
        dueIn: 35,
        answer: "New order live in staging; test notes of eleven customers.",
        accepted: true,
      },
      {
        text: "Vendor's next two updates are reviewed by security before they run.",
        kind: "after_release",
        dueIn: 250,
      },
    ],
  },
  {
    model: "claims-triage",
    title: "Straight-through claims up to EUR 1,800",
    ago: 231,
    took: 8,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Small claims, quick money back for customers, a line that moves at random and an audit each month.",
  },
  {
    model: "life-underwriting-score",
    title: "Proposals for life cover",
    ago: 162,
    took: 18,
    end: "approved_with_conditions",
    findings: [
      {
        by: "Beatrix Lindqvist",
        section: "data",
        severity: "must_fix",
        title: "Family history is asked and not used",
        text: "Question 31 has no effect on the outcome. Data that is not used must not be asked for.",
        resolution: "Question removed from the form.",
      },
    ],
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale: "An underwriter confirms each case and sees why. Nine questions instead of 62 is kinder too.",
    conditions: [
      {
        text: "Underwriters trained in when to overrule; attendance on file.",
        kind: "before_release",
        dueIn: 50,
        answer: "24 of 24 underwriters trained; list attached.",
        accepted: true,
      },
    ],
  },
  {
    model: "motor-pricing-glm",
    title: "Quarterly refit of the motor tariff",
    ago: 187,
    took: 7,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "A refit in a frame we know. Changes above six percent for a cell go to a person.",
  },
  {
    model: "mule-account-finder",
    title: "Leads for investigators on mule accounts",
    ago: 180,
    took: 9,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Leads only; nobody loses an account to a score.",
  },
  {
    model: "complaint-router",
    title: "Routing of written complaints",
    ago: 140,
    took: 4,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Follows the pattern, replaces a mailbox. Misrouted complaints are counted by team.",
  },
  {
    model: "renewal-fair-price",
    title: "Cap on renewals",
    ago: 133,
    took: 3,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "The cap is checked after pricing, for each policy, and can be shown to the supervisor.",
  },
  {
    model: "storefront-reader",
    title: "Reading of merchants' shop pages",
    ago: 98,
    took: 5,
    end: "approved_with_conditions",
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale:
      "Useful in shadow. The crawler outside the feature platform is accepted for nine months, with its own monitoring.",
    conditions: [{ text: "Move the crawler behind the egress proxy.", kind: "before_release", dueIn: 115 }],
  },
  {
    model: "property-value-index",
    title: "Home values for the lending officer",
    ago: 90,
    took: 6,
    end: "approved",
    votes: board("approve", "Ingrid Solberg", "Noor Haddad", "Amara Okafor", "Beatrix Lindqvist", "Tomasz Wieczorek"),
    rationale: "Beats the index in every county, and shows its range.",
  },
  {
    model: "pd-master-scale",
    title: "Calibration of default probabilities",
    ago: 76,
    took: 12,
    end: "approved_with_conditions",
    votes: board(
      "approve_with_conditions",
      "Ingrid Solberg",
      "Noor Haddad",
      "Amara Okafor",
      "Beatrix Lindqvist",
      "Tomasz Wieczorek",
    ),
    rationale: "Sound. Low-default portfolios rest on expert judgement that must be written down.",
    conditions: [
      {
        text: "Write down the expert adjustments for low-default portfolios, signed by their authors.",
        kind: "before_release",
        dueIn: 66,
        answer: "Draft of the memo; two of five authors have signed.",
      },
    ],
  },
  {
    model: "applicant-shortlist",
    title: "Ranking of applicants",
    ago: 205,
    took: 13,
    end: "rejected",
    findings: [
      {
        by: "Beatrix Lindqvist",
        section: "data",
        severity: "must_fix",
        title: "Past hiring decisions are the label",
        text: "The model would learn whom we hired, and we know whom we did not.",
      },
    ],
    votes: [
      {
        by: "Ingrid Solberg",
        choice: "reject",
        reason: "The benefit does not carry the harm, and nobody asked for it.",
      },
      { by: "Noor Haddad", choice: "reject", reason: "Applicants can probe it at will." },
      { by: "Amara Okafor", choice: "reject", reason: "There is no outcome to validate against." },
      { by: "Beatrix Lindqvist", choice: "reject", reason: "Annex III, and labels that carry past bias." },
    ],
    rationale:
      "High-risk under Annex III, with a label that cannot be made fair. The problem of 300 applications is better met by a shorter advertisement.",
  },
  {
    model: "conduct-phrase-finder",
    title: "Passages a conduct officer should hear",
    ago: 58,
    took: 11,
    end: "deferred",
    votes: [
      { by: "Ingrid Solberg", choice: "abstain", reason: "The works council has not answered." },
      { by: "Noor Haddad", choice: "abstain", reason: "As the chair." },
      { by: "Amara Okafor", choice: "approve_with_conditions" },
      { by: "Beatrix Lindqvist", choice: "reject", reason: "Workers must be told before it is used." },
    ],
    rationale: "Deferred until the works council has answered and the notice to staff is drafted.",
  },
  { model: "trip-type-classifier", title: "Private or business trips", ago: 70, end: "withdrawn" },
  {
    model: "policy-qa-assistant",
    title: "Answers with a clause, from pilot to all agents",
    ago: 33,
    end: "changes_requested",
    findings: [
      {
        by: "Noor Haddad",
        section: "security",
        severity: "must_fix",
        title: "Injection through wordings is not tested",
        text: "Wordings come from brokers as well. A sentence in a PDF is an instruction to a model.",
      },
    ],
  },
  {
    model: "motor-photo-damage",
    title: "Photo-based total-loss calls, first release",
    ago: 24,
    end: "in_review",
    findings: [
      {
        by: "Amara Okafor",
        section: "oversight",
        severity: "must_fix",
        title: "Who confirms a total loss at the weekend",
        text: "The assessor rota has no Sunday. A photo sent on Saturday waits or is decided alone.",
      },
    ],
    comments: [
      {
        by: "Daniel Achterberg",
        section: "oversight",
        text: "The night desk confirms on Sundays from December; rota attached.",
      },
    ],
    votes: [
      { by: "Tomasz Wieczorek", choice: "approve_with_conditions" },
      { by: "Noor Haddad", choice: "approve" },
    ],
  },
  {
    model: "invoice-extraction-llm",
    title: "Hosted LLM for supplier invoices",
    ago: 18,
    end: "in_review",
    recused: { by: "Amara Okafor", reason: "Wrote the reference design used here." },
    findings: [
      {
        by: "Noor Haddad",
        section: "data",
        severity: "must_fix",
        title: "Retention is longer than our standard of 0 days",
        text: "Contact names plus 30 days of storage is a transfer we cannot undo. Ask for the zero-retention addendum or mask the names.",
      },
    ],
    comments: [
      {
        by: "Henrik Dahl",
        section: "data",
        text: "Addendum is with the supplier's counsel, expected 1 December. Masking names costs 0.6 points of accuracy.",
      },
    ],
    votes: [
      { by: "Tomasz Wieczorek", choice: "approve_with_conditions" },
      { by: "Beatrix Lindqvist", choice: "approve_with_conditions" },
      {
        by: "Noor Haddad",
        choice: "reject",
        reason: "No until the retention finding closes. A promise from their counsel is not a control.",
      },
    ],
  },
  {
    model: "sme-cashflow-score",
    title: "Lending to small firms on account flows",
    ago: 9,
    end: "in_review",
    comments: [
      { by: "Amara Okafor", section: "model", text: "Sole traders mix private and business flows; show that slice." },
    ],
  },
  {
    model: "app-help-assistant",
    title: "Assistant in the app",
    ago: 12,
    end: "in_review",
    votes: [{ by: "Noor Haddad", choice: "approve_with_conditions" }],
  },
  { model: "vulnerability-cues", title: "Cues that a customer may need extra care", ago: 5, end: "in_review" },
  { model: "card-block-agent", title: "Agent that blocks a lost card", ago: 3, end: "draft" },
];
