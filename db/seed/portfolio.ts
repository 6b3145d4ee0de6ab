import { cards } from "./data/cards";
import { finance } from "./data/finance";
import { insurance } from "./data/insurance";
import { retail } from "./data/retail";
import { service } from "./data/service";
import type { SeedModel, SeedUseCase, UnitSlug } from "./data/shape";

/** The demo organisation's use cases by business unit. */
export const portfolio: Record<UnitSlug, readonly SeedUseCase[]> = { cards, retail, insurance, finance, service };

export type PlacedModel = SeedModel & { unit: UnitSlug; useCase: string };

export const seedModels: readonly PlacedModel[] = Object.entries(portfolio).flatMap(([unit, useCases]) =>
  useCases.flatMap((u) => u.models.map((m) => ({ ...m, unit: unit as UnitSlug, useCase: u.name }))),
);

/** Units in which each owner has models. */
export function ownersByUnit(): Map<string, Set<UnitSlug>> {
  const out = new Map<string, Set<UnitSlug>>();
  for (const m of seedModels) out.set(m.owner, (out.get(m.owner) ?? new Set()).add(m.unit));
  return out;
}

/** Who stands in for a model's owner: the next owner of the same unit. */
export function deputyOf(m: PlacedModel): string {
  const colleagues = [...new Set(seedModels.filter((o) => o.unit === m.unit).map((o) => o.owner))].sort();
  return colleagues[(colleagues.indexOf(m.owner) + 1) % colleagues.length] ?? m.owner;
}
