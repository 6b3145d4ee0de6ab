import { addressOf } from "./personas";
import { ownersByUnit } from "./portfolio";

export type SeedPerson = { name: string; email: string; title: string; unit: string; units: readonly string[] };

/** Everyone who owns models, with the units where they do; some of them are personas. */
export function owners(): SeedPerson[] {
  return [...ownersByUnit()].map(([name, units]) => ({
    name,
    email: addressOf(name),
    title: "Model owner",
    unit: [...units][0] ?? "halden",
    units: [...units],
  }));
}
