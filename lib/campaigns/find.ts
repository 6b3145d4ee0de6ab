import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { campaigns } from "@/db/schema/campaigns";
import { Refusal } from "@/lib/core/refusal";

export async function findCampaign(read: Reader, ref: string) {
  const [row] = await read.select().from(campaigns).where(eq(campaigns.ref, ref));
  if (!row) throw new Refusal("not_found", `There is no campaign ${ref}.`);
  return row;
}
