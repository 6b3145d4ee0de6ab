import "server-only";
import { desc } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { riskMethods } from "@/db/schema/risk";
import { loadContent } from "@/lib/content/load";
import { scoringOf } from "./scoring";

const id = "model-risk";

/** All versions of the questionnaire in content/, newest first. */
export const questionnaires = () => loadContent().questionnaires.filter((q) => q.id === id);

/**
 * The version of the questionnaire in force: the one adopted last, the first one before any was. A newer file in content/ is a
 * proposal until somebody adopts it.
 */
export async function methodInForce(read: Reader) {
  const [adopted] = await read
    .select()
    .from(riskMethods)
    .orderBy(desc(riskMethods.adoptedAt), desc(riskMethods.id))
    .limit(1);
  const found = versionOrFirst(adopted?.version ?? null);
  return { questionnaire: found, scoring: scoringOf(found), adopted: adopted ?? null };
}

function versionOrFirst(adopted: number | null) {
  const all = questionnaires();
  const version = adopted ?? Math.min(...all.map((q) => q.version));
  const found = all.find((q) => q.version === version);
  if (!found) throw new Error(`content/questionnaire has no version ${version} of ${id}, which is in force.`);
  return found;
}

/** Months until a tier has to be scored again, under the version that was adopted last (null: none was). */
export function validMonths(adopted: number | null, tier: number | null): number {
  const { valid_months: months } = scoringOf(versionOrFirst(adopted));
  return tier === 2 ? months["2"] : tier === 3 ? months["3"] : tier === 4 ? months["4"] : months["1"];
}
