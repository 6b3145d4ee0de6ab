import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parsePortalPub } from "@/lib/bundle/keys";
import { verifyCheckpoint } from "@/lib/log/checkpoint";
import { verifyConsistency } from "@/lib/log/merkle";
import { entriesOf, tilePath } from "@/lib/log/tiles";
import { verifyLog } from "@/lib/log/verify-log";
import { fromBase64 } from "@/lib/signing/bytes";
import { type CliCommand, exit, UsageError } from "../command";

const proof = z.object({ hashes: z.array(z.string()) });

/** An auditor's check of a whole log over HTTP, and that it only grew since the checkpoint kept the last time. */
export const logVerify: CliCommand = {
  name: "log verify",
  summary: "fetch a whole log and rebuild its signed root",
  help: `countersign log verify --key PORTAL.PUB [--url URL] [--since FILE] [--keep FILE]
  --key    the portal's public keys, from https://<portal>/.well-known/portal.pub
  --url    address of the log's host (default: http://<origin of the key>:3000)
  --since  a checkpoint that you kept: also verify that the log only grew since then
  --keep   write the verified checkpoint here, for the next time
Exit codes: 0 the log holds, 1 it does not, 2 could not be read.`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        key: { type: "string" },
        url: { type: "string" },
        since: { type: "string" },
        keep: { type: "string" },
      },
    });
    if (!values.key) throw new UsageError("--key is missing.");
    const { log } = parsePortalPub(await readFile(values.key, "utf8"));
    const base = values.url ?? `http://${log.origin}:3000`;
    const get = async (path: string): Promise<Buffer> => {
      const response = await fetch(new URL(path, base), { signal: AbortSignal.timeout(60_000) }).catch((cause) => {
        throw new Error(`${base} does not answer.`, { cause });
      });
      if (!response.ok) throw new Error(`${base}${path} answered ${response.status}.`);
      return Buffer.from(await response.arrayBuffer());
    };
    const checkpoint = (await get("/checkpoint")).toString("utf8");
    const now = verifyCheckpoint(checkpoint, log);
    if (!now.ok) {
      io.out(`FAIL checkpoint: ${now.why}`);
      return exit.no;
    }
    const { size, root } = now.head;
    async function* batches() {
      for (let n = 0; n * 256 < size; n++) {
        const width = Math.min(256, size - n * 256);
        yield entriesOf(await get(`/tile/${tilePath({ level: "entries", n, width })}`));
      }
    }
    const verdict = await verifyLog(batches(), checkpoint, log);
    io.out(verdict.ok ? `ok   ${verdict.entries} entries give the signed root` : `FAIL ${verdict.why}`);
    if (!verdict.ok) return exit.no;
    if (values.since) {
      const before = verifyCheckpoint(await readFile(values.since, "utf8"), log);
      if (!before.ok) throw new Error(`${values.since}: ${before.why}.`);
      const { size: from } = before.head;
      const { hashes } =
        from <= size
          ? proof.parse(JSON.parse((await get(`/consistency?from=${from}&to=${size}`)).toString("utf8")))
          : { hashes: [] };
      const grew = verifyConsistency(from, size, hashes.map(fromBase64), before.head.root, root);
      io.out(
        grew
          ? `ok   it only grew since ${from} entries`
          : `FAIL the log of ${from} entries that you kept is not its beginning`,
      );
      if (!grew) return exit.no;
    }
    if (values.keep) await writeFile(values.keep, checkpoint);
    return exit.yes;
  },
};
