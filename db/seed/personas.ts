import type { PersonRole } from "@/lib/people/person";

/** The people of the demo organisation that one can sign in as: name, title, unit, and roles (everywhere, or in a unit). */
export type PersonaSeed = {
  name: string;
  email: string;
  title: string;
  unit: string;
  roles: readonly (PersonRole | { role: PersonRole; unit: string })[];
};

export const haldenUnits = [
  { slug: "halden", name: "Halden Group" },
  { slug: "cards", name: "Cards and payments", parent: "halden" },
  { slug: "retail", name: "Retail banking", parent: "halden" },
  { slug: "insurance", name: "Insurance", parent: "halden" },
  { slug: "finance", name: "Risk and finance", parent: "halden" },
  { slug: "service", name: "Customer operations", parent: "halden" },
] as const;

/** One team of modellers in each unit that has models. */
export const haldenTeams = {
  cards: "Payment risk",
  retail: "Retail modelling",
  insurance: "Claims analytics",
  finance: "Risk modelling",
  service: "Service automation",
} as const;

/** An address for a name: ASCII, dots for spaces. */
export const addressOf = (name: string): string =>
  `${name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/ø/gi, "o")
    .replace(/ı/g, "i")
    .toLowerCase()
    .replaceAll(" ", ".")}@halden.example`;

const list: readonly Omit<PersonaSeed, "email">[] = [
  {
    name: "Ingrid Solberg",
    title: "ML architect and ARB chair",
    unit: "halden",
    roles: ["architect", "board_chair"],
  },
  {
    name: "Tomasz Wieczorek",
    title: "Architecture seat on the board",
    unit: "halden",
    roles: ["architect", "board_member"],
  },
  { name: "Priya Raman", title: "Model owner", unit: "cards", roles: [{ role: "contributor", unit: "cards" }] },
  { name: "Noor Haddad", title: "Security architect", unit: "halden", roles: ["security"] },
  { name: "Beatrix Lindqvist", title: "Privacy officer", unit: "halden", roles: ["privacy"] },
  { name: "Samuel Oyelaran", title: "Compliance officer", unit: "halden", roles: ["compliance"] },
  { name: "Agnes Thorne", title: "Internal auditor", unit: "halden", roles: ["auditor"] },
  { name: "Marianne Voss", title: "Chief risk officer", unit: "halden", roles: ["executive"] },
  {
    name: "Amara Okafor",
    title: "Model risk, board member",
    unit: "halden",
    roles: ["model_risk", "board_member"],
  },
  { name: "Henrik Dahl", title: "Model owner", unit: "finance", roles: [{ role: "contributor", unit: "finance" }] },
  { name: "Elin Brandt", title: "Portal administrator", unit: "halden", roles: ["admin"] },
];

export const personas: readonly PersonaSeed[] = list.map((p) => ({ ...p, email: addressOf(p.name) }));
