import "server-only";
import { eq, or } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { teams } from "@/db/schema/org";
import { loadContent, newest } from "@/lib/content/load";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";

export function maturityContent() {
  const content = newest(loadContent().maturity, "capability");
  if (!content) throw new Error("content/maturity has no capability.");
  return content;
}

export async function findTeam(read: Reader, name: string) {
  const [team] = await read
    .select()
    .from(teams)
    .where(isUuid(name) ? or(eq(teams.id, name), eq(teams.name, name)) : eq(teams.name, name))
    .limit(1);
  if (!team) throw new Refusal("not_found", `There is no team ${name}.`);
  return team;
}
