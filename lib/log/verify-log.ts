import { equal } from "@/lib/signing/bytes";
import { type LogKey, verifyCheckpoint } from "./checkpoint";
import { leafHash } from "./merkle";
import { Edge } from "./tree";

/** What came of verifying a whole log. `why` names the first thing that does not hold. */
export type LogVerdict = { ok: boolean; entries: number; why: string | null };

/**
 * Rebuilds the tree from every entry's bytes and compares it with a signed checkpoint: no entry removed, edited, swapped or
 * added. `batches` gives the entries in order; more than the checkpoint covers are not read. Memory stays flat.
 */
export async function verifyLog(
  batches: AsyncIterable<readonly Uint8Array[]>,
  checkpoint: string,
  key: LogKey,
): Promise<LogVerdict> {
  const signed = verifyCheckpoint(checkpoint, key);
  if (!signed.ok) return { ok: false, entries: 0, why: signed.why };
  const { size, root } = signed.head;
  const edge = new Edge();
  reading: for await (const batch of batches) {
    for (const entry of batch) {
      if (edge.size === size) break reading;
      edge.append(leafHash(entry));
    }
  }
  if (edge.size < size)
    return { ok: false, entries: edge.size, why: `the checkpoint covers ${size} entries, only ${edge.size} are there` };
  return equal(edge.root(), root)
    ? { ok: true, entries: size, why: null }
    : { ok: false, entries: size, why: "the entries do not give the signed root: at least one was changed" };
}
