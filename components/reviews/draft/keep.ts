import { z } from "zod";
import type { DraftText } from "@/lib/reviews/merge";
import { Submission } from "@/lib/reviews/submission";

const Text = z.object({ title: z.string(), adr: z.string().nullable(), submission: Submission });
/** What was typed and the portal has not confirmed, with what it was typed over. */
const Kept = z.object({ base: Text, draft: Text, revision: z.number().int(), at: z.string() });
export type Kept = { base: DraftText; draft: DraftText; revision: number; at: string };

const key = (name: string): string => `countersign:submission:${name}`;

/** False where this browser keeps nothing. */
export function keepLocally(name: string, kept: Kept): boolean {
  try {
    localStorage.setItem(key(name), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function forgetLocally(name: string): void {
  try {
    localStorage.removeItem(key(name));
  } catch {
    // A browser that refuses storage kept nothing.
  }
}

/** What this browser kept; null if nothing, or nothing that can be read any more. */
export function keptLocally(name: string): Kept | null {
  try {
    const kept = Kept.safeParse(JSON.parse(localStorage.getItem(key(name)) ?? "null"));
    return kept.success ? kept.data : null;
  } catch {
    return null;
  }
}
