import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { logEntries } from "@/db/schema/log";
import { models } from "@/db/schema/models";
import { gateChecks } from "@/db/schema/releases";
import { signatures, statements } from "@/db/schema/signing";
import { config } from "@/lib/config/config";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { logId } from "@/lib/log/checkpoint";
import { inclusionProof } from "@/lib/log/proof";
import { activeLogKey, latestCheckpoint } from "@/lib/log/queries";
import { waitForSequenced } from "@/lib/log/sequencer";
import { hashReader } from "@/lib/log/store";
import { envelope } from "@/lib/signing/dsse";
import { sigstoreBundle } from "@/lib/signing/sigstore";
import { ed25519Raw } from "@/lib/signing/spki";
import { seesRelease } from "./visible";

const waitMs = 10_000;

/** A gate answer as a Sigstore bundle with its place in the log, as `cosign verify-blob-attestation` reads it. Waits for the log. */
export const answerBundle = query({
  name: "gate.answer.bundle",
  title: "A gate answer with its inclusion in the log",
  http: { method: "GET", path: "/gate/answers/{id}/bundle" },
  input: z.strictObject({ id: z.uuid("Give the id of the answer.") }),
  run: async (read, { id }, actor) => {
    const [found] = await read
      .select({
        payload: statements.payload,
        sig: signatures.sig,
        kid: signatures.kid,
        entry: signatures.logEntryId,
        leaf: logEntries.leaf,
        unitId: models.businessUnitId,
      })
      .from(gateChecks)
      .leftJoin(models, eq(models.id, gateChecks.modelId))
      .innerJoin(statements, eq(statements.sha256, gateChecks.statementSha256))
      .innerJoin(signatures, and(eq(signatures.statementSha256, statements.sha256), eq(signatures.kind, "dsse")))
      .innerJoin(logEntries, eq(logEntries.id, signatures.logEntryId))
      .where(eq(gateChecks.id, id));
    // Who may see the release may see what the gate said of it.
    if (!found || !seesRelease(actor, found.unitId)) throw new Refusal("not_found", "There is no such gate answer.");
    const [index] = (await waitForSequenced(read, [found.entry], waitMs)) ?? [];
    const [head, key] = await Promise.all([latestCheckpoint(read), activeLogKey(read)]);
    if (index === undefined || !head || !key)
      throw new Refusal("unavailable", "The log has not taken the answer in yet. Ask again in a moment.");
    return sigstoreBundle(envelope(found.payload, found.sig, found.kid), {
      logId: logId({ origin: config().logOrigin, raw: ed25519Raw(key.spki) }),
      index,
      leaf: found.leaf,
      size: head.size,
      root: head.root,
      hashes: await inclusionProof(hashReader(read), index, head.size),
      checkpoint: head.note,
    });
  },
});
