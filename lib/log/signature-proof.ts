import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { LogProof } from "@/lib/signing/sigstore";
import { ed25519Raw } from "@/lib/signing/spki";
import { logId } from "./checkpoint";
import { parseHead, parseNote } from "./note";
import { inclusionProof } from "./proof";
import { activeLogKey, latestCheckpoint } from "./queries";
import { hashReader } from "./store";

/**
 * Proofs that entries stand in the log, all to the latest signed checkpoint, in the order asked; null where an entry is not
 * sequenced and signed yet (that takes milliseconds, see `waitForSequenced`).
 */
export async function proofsOf(read: Reader, entryIds: readonly string[]): Promise<(LogProof | null)[]> {
  // One query after the other: the reader may be a transaction.
  const latest = await latestCheckpoint(read);
  const key = await activeLogKey(read);
  if (!latest || !key) return entryIds.map(() => null);
  const { origin, root } = parseHead(parseNote(latest.note).text);
  const { rows } = await read.execute<{ id: string; idx: string; leaf: Buffer }>(sql`
    select e.id, l.idx, e.leaf from log_leaf l join log_entry e on e.id = l.entry_id
    where e.id = any(${sql.param([...entryIds])}::uuid[]) and l.idx < ${latest.size}`);
  const found = new Map(rows.map((r) => [r.id, r]));
  const proofs: (LogProof | null)[] = [];
  for (const id of entryIds) {
    const row = found.get(id);
    proofs.push(
      row
        ? {
            logId: logId({ origin, raw: ed25519Raw(key.spki) }),
            index: Number(row.idx),
            leaf: row.leaf,
            size: latest.size,
            root,
            hashes: await inclusionProof(hashReader(read), Number(row.idx), latest.size),
            checkpoint: latest.note,
          }
        : null,
    );
  }
  return proofs;
}
