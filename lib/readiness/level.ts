import type { ChecklistItem } from "@/lib/content/schemas";
import type { Tier } from "@/lib/risk/tier";
import { type AssessedItem, type ItemType, wordPasses } from "./readiness";

/** How far a system is, whatever its tier asks for: the items of a tier and of those below it all hold. */
export const levels = ["none", "minimum", "core", "extended", "complete"] as const;
export type Level = (typeof levels)[number];

export const levelName: Record<Level, string> = {
  none: "Below the minimum",
  minimum: "Minimum (tier 4 asks no more)",
  core: "Core (tier 3 asks no more)",
  extended: "Extended (tier 2 asks no more)",
  complete: "Complete (all of tier 1)",
};

/** An item that facts should decide and that rests on a person's word. */
export const isByHand = (how: ChecklistItem["how"], item: Pick<AssessedItem, "state" | "attestationId">): boolean =>
  how === "auto" && item.state === "pass" && item.attestationId !== null;

/** What an item counts: 1 when it holds, half when that is said by hand, which in tier 1 does not even pass; a waiver counts nothing. */
export function creditOf(
  how: ChecklistItem["how"],
  item: Pick<AssessedItem, "state" | "attestationId">,
  tier: Tier | null,
): number {
  if (item.state !== "pass") return 0;
  if (!isByHand(how, item)) return 1;
  return wordPasses(how, tier) ? 0.5 : 0;
}

export type Score = {
  level: Level;
  /** The lowest area decides, as in the ML Test Score; 0 to 1, null when nothing is asked for. */
  score: number | null;
  areas: readonly { area: string; points: number; of: number }[];
  byHand: number;
};

/** Score over the required items, and the level over all that the type asks for. */
export function scoreOf(
  items: readonly AssessedItem[],
  words: ReadonlyMap<string, ChecklistItem>,
  tier: Tier | null,
  type: ItemType | null,
): Score {
  const how = (id: string) => words.get(id)?.how ?? "attest";
  const counted = items.filter((i) => i.required && i.state !== "not_applicable");
  const areas = [...new Set(counted.map((i) => i.area))].map((area) => {
    const of = counted.filter((i) => i.area === area);
    return { area, points: of.reduce((sum, i) => sum + creditOf(how(i.id), i, tier), 0), of: of.length };
  });
  const holds = (item: AssessedItem): boolean =>
    item.state === "not_applicable" || creditOf(how(item.id), item, tier) > 0;
  const meets = (t: Tier): boolean =>
    items.every((item) => {
      const asked = words.get(item.id);
      return !asked?.tiers.includes(t) || (type !== null && !asked.types.includes(type)) || holds(item);
    });
  const reached = ([4, 3, 2, 1] as const).findIndex((t) => !meets(t));
  return {
    level: levels[reached < 0 ? 4 : reached] ?? "none",
    score: areas.length === 0 ? null : Math.min(...areas.map((a) => a.points / a.of)),
    areas,
    byHand: counted.filter((i) => isByHand(how(i.id), i)).length,
  };
}
