import { addressOf } from "./personas";
import { ownersByUnit } from "./portfolio";

export type SeedPerson = { name: string; email: string; title: string; unit: string; units: readonly string[] };

/** The model owners who are not personas: contributors in the units where they have models. */
export function owners(personaNames: ReadonlySet<string>): SeedPerson[] {
  return [...ownersByUnit()]
    .filter(([name]) => !personaNames.has(name))
    .map(([name, units]) => ({
      name,
      email: addressOf(name),
      title: "Model owner",
      unit: [...units][0] ?? "halden",
      units: [...units],
    }));
}
