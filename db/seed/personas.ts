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
  { slug: "card-risk", name: "Card risk", parent: "halden" },
  { slug: "retail-lending", name: "Retail lending", parent: "halden" },
  { slug: "insurance", name: "Insurance", parent: "halden" },
  { slug: "finance", name: "Finance", parent: "halden" },
  { slug: "group-technology", name: "Group technology", parent: "halden" },
] as const;

const at = (name: string): string => `${name.toLowerCase().replaceAll(" ", ".")}@halden.example`;

const list: readonly Omit<PersonaSeed, "email">[] = [
  {
    name: "Ingrid Solberg",
    title: "ML architect and ARB chair",
    unit: "group-technology",
    roles: ["architect", "board_chair"],
  },
  {
    name: "Tomasz Wieczorek",
    title: "Architecture seat on the board",
    unit: "group-technology",
    roles: ["architect", "board_member"],
  },
  { name: "Priya Raman", title: "Model owner", unit: "card-risk", roles: [{ role: "contributor", unit: "card-risk" }] },
  { name: "Noor Haddad", title: "Security architect", unit: "group-technology", roles: ["security"] },
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
  { name: "Elin Brandt", title: "Portal administrator", unit: "group-technology", roles: ["admin"] },
];

export const personas: readonly PersonaSeed[] = list.map((p) => ({ ...p, email: at(p.name) }));
