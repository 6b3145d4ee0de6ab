/** One short field of a section: what is asked, on its own line of the form and of the page. */
export type Part = { id: string; title: string; prompt: string };

/** A list of a section: rows with named columns, each a text. */
type ListShape = { id: string; title: string; row: string; columns: readonly Column[] };

/** A column of a list; one that is optional may stay empty. */
export type Column = Part & { most: number; optional?: true };

type Section = {
  id: string;
  title: string;
  /** Tier 4 needs it too. */
  brief: boolean;
  prompt: string;
  /** Whether the section's own text must be written; otherwise its parts say what is needed, and the text adds to them. */
  prose: boolean;
  parts: readonly Part[];
  list: ListShape | null;
};

/**
 * What the board reads (governance.md section 6.3), in the order of the page. Tier 4 needs the `brief` sections only. The text of a
 * section has the section's id as its field, a part and a list their own.
 */
export const sections = [
  {
    id: "asks",
    title: "What we ask",
    brief: true,
    prompt: "What should the board approve: which versions, where, for how long?",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "problem",
    title: "Problem and users",
    brief: true,
    prompt: "The problem, and why it is worth solving now.",
    prose: true,
    parts: [
      { id: "users", title: "Who uses it", prompt: "Who reads or feels the result, and how many they are." },
      { id: "supports", title: "Decision supported", prompt: "Which decision it supports or takes." },
      {
        id: "benefit",
        title: "Measure of benefit",
        prompt: "What is measured, against what, and what counts as success.",
      },
    ],
    list: null,
  },
  {
    id: "risk",
    title: "Risk and legal class",
    brief: true,
    prompt: "What drives the tier, which legal class applies and why.",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "architecture",
    title: "Architecture",
    brief: true,
    prompt: "The design in words, with a diagram as Mermaid if it is not kept elsewhere.",
    prose: false,
    parts: [
      {
        id: "reference",
        title: "Reference followed",
        prompt: "Which reference architecture in which version, or none.",
      },
      {
        id: "diagram",
        title: "Diagram",
        prompt: "Where the diagram is kept as code. Not needed when the text holds one as Mermaid.",
      },
    ],
    list: {
      id: "deviations",
      title: "Deviations",
      row: "deviation",
      columns: [
        { id: "what", title: "Departs in", prompt: "What differs from the reference.", most: 500 },
        { id: "why", title: "Because", prompt: "What is gained by it.", most: 1000 },
        { id: "adr", title: "Decision record", prompt: "The decision record, like ADR-0061.", most: 40 },
        {
          id: "control",
          title: "Control",
          prompt: "The readiness item that it departs from, like rel-3; empty if it departs from none.",
          most: 40,
          optional: true,
        },
      ],
    },
  },
  {
    id: "data",
    title: "Data",
    brief: true,
    prompt: "What else the board should know of the data.",
    prose: false,
    parts: [
      { id: "sources", title: "Sources", prompt: "Which data sets and systems it reads." },
      {
        id: "classes",
        title: "Classes",
        prompt: "Personal, special category, confidential, public: which fields are which.",
      },
      { id: "residency", title: "Residency", prompt: "Where it is stored and processed." },
      { id: "rights", title: "Rights to use", prompt: "Legal basis, purpose, licence." },
      { id: "retention", title: "Retention", prompt: "How long inputs, outputs and logs are kept." },
    ],
    list: null,
  },
  {
    id: "model",
    title: "Model and evaluation",
    brief: false,
    prompt: "What was measured, and what else the board should know of the model.",
    prose: false,
    parts: [
      { id: "method", title: "Method", prompt: "The kind of model, in a sentence." },
      {
        id: "baseModel",
        title: "Base and licence",
        prompt: "The model it starts from, and under which licence; or none.",
      },
      { id: "training", title: "Training plan", prompt: "On what it is trained, how often, by whom it is begun." },
      { id: "evaluation", title: "Evaluation plan", prompt: "What is tested, with thresholds set before the test." },
    ],
    list: null,
  },
  {
    id: "serving",
    title: "Serving and failure",
    brief: false,
    prompt: "What else the board should know of how it runs.",
    prose: false,
    parts: [
      { id: "servingType", title: "Serving", prompt: "Batch, online, streaming or edge, and where." },
      { id: "serviceLevels", title: "Service levels", prompt: "The objectives that it is held to." },
      { id: "load", title: "Load", prompt: "How much it answers, at the peak too." },
      { id: "failure", title: "When it fails", prompt: "What happens when it fails, is late or is wrong." },
    ],
    list: null,
  },
  {
    id: "oversight",
    title: "Human oversight",
    brief: false,
    prompt: "Who watches it, who can stop or overrule it, and how.",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "security",
    title: "Security",
    brief: false,
    prompt: "The threat model: hostile input, access to data and weights, and what was tested.",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "thirdParties",
    title: "Third parties and exit",
    brief: false,
    prompt: "Suppliers, what they receive, and how we would leave.",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "cost",
    title: "Cost",
    brief: false,
    prompt: "What else the board should know of the cost.",
    prose: false,
    parts: [
      { id: "estimate", title: "Estimate", prompt: "A year's cost to build and to run, and the cost of one answer." },
      { id: "budgetOwner", title: "Budget owner", prompt: "Who pays." },
    ],
    list: null,
  },
  {
    id: "options",
    title: "Options rejected",
    brief: false,
    prompt: "What else was considered and why it was not chosen.",
    prose: false,
    parts: [],
    list: {
      id: "optionList",
      title: "Options",
      row: "option",
      columns: [
        { id: "option", title: "Option", prompt: "What else could have been done; doing nothing is one.", most: 300 },
        { id: "why", title: "Not chosen because", prompt: "The reason.", most: 1000 },
      ],
    },
  },
  {
    id: "risks",
    title: "Risks",
    brief: false,
    prompt: "What else could go wrong.",
    prose: false,
    parts: [],
    list: {
      id: "riskList",
      title: "Risks and their treatment",
      row: "risk",
      columns: [
        { id: "risk", title: "Risk", prompt: "What could happen, and to whom.", most: 500 },
        { id: "owner", title: "Owner", prompt: "Who answers for it.", most: 120 },
        { id: "treatment", title: "Treatment", prompt: "Avoided, reduced, shared or borne: how.", most: 1000 },
      ],
    },
  },
  {
    id: "advice",
    title: "Advice sought",
    brief: false,
    prompt: "If nobody was asked, say why. What is asked here in the portal lists itself.",
    prose: false,
    parts: [],
    list: {
      id: "adviceList",
      title: "Advice from elsewhere",
      row: "advice",
      columns: [
        { id: "who", title: "Who was asked", prompt: "Name and role.", most: 200 },
        { id: "said", title: "What they said", prompt: "In their words.", most: 2000 },
        { id: "done", title: "What was done", prompt: "Followed, or not and why.", most: 1000 },
      ],
    },
  },
  {
    id: "rollback",
    title: "Rollback",
    brief: false,
    prompt: "A one-way or a two-way door? How to go back, how long it takes, and whether it was tried.",
    prose: true,
    parts: [],
    list: null,
  },
  {
    id: "retirement",
    title: "Retirement",
    brief: false,
    prompt: "When and how it ends, and what becomes of data and decisions.",
    prose: true,
    parts: [],
    list: null,
  },
] as const satisfies readonly Section[];

export type SectionId = (typeof sections)[number]["id"];
export type PartId = (typeof sections)[number]["parts"][number]["id"];
export type ListId = NonNullable<(typeof sections)[number]["list"]>["id"];
export type TextId = SectionId | PartId;

const [firstSection, ...otherSections] = sections;
export const sectionIds: readonly [SectionId, ...SectionId[]] = [firstSection.id, ...otherSections.map((s) => s.id)];
export const parts: readonly (Part & { id: PartId; section: SectionId })[] = sections.flatMap((s) =>
  s.parts.map((p) => ({ ...p, section: s.id })),
);
/** Lists by their field. */
export const lists = sections.flatMap((s) =>
  s.list ? [{ ...s.list, columns: s.list.columns as readonly Column[], section: s.id }] : [],
);

/** Title of a section, a part or a list, for a heading. */
export const sectionTitle = (id: string): string =>
  sections.find((s) => s.id === id)?.title ??
  [...parts, ...lists].find((p) => p.id === id)?.title ??
  identity.find((f) => f.id === id)?.title ??
  id;

/** What names the case, apart from the sections (governance.md section 6.3, "Identity"). */
export const identity = [
  { id: "changeType", title: "Kind of change" },
  { id: "system", title: "System" },
  { id: "sponsor", title: "Sponsor" },
  { id: "targetDate", title: "Wanted by" },
  { id: "models", title: "Further models" },
  { id: "patterns", title: "Further reference architectures" },
  { id: "apart", title: "Why it does not join" },
  { id: "attachments", title: "Attachments" },
  { id: "emergencyReason", title: "Incident or duty" },
] as const;
