import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { filesOf } from "@/lib/bundle/files";
import { parsePortalPub } from "@/lib/bundle/keys";
import { verifyBundle } from "@/lib/bundle/verify";
import { type CliCommand, exit, UsageError } from "../command";

/** Verifies a release bundle with the portal's public keys, and nothing else: no network, no database. */
export const verify: CliCommand = {
  name: "verify",
  summary: "verify a release bundle offline",
  help: `countersign verify BUNDLE --key PORTAL.PUB [--model M] [--version V] [--digest SHA256] [--environment E] [--json] [--extract DIR]
  --key          the portal's public keys, from https://<portal>/.well-known/portal.pub; get them once and keep them;
                 approvals by software keys count only if it is the file of a demo
  --model, --version, --digest, --environment
                 what the release must be about; without them read it from the output
  --json         print the checks as JSON
  --extract      also write what ssh-keygen, openssl and cosign verify, with the commands in README.txt
Exit codes: 0 every check holds, 1 one fails, 2 could not be looked at.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: "string" },
        model: { type: "string" },
        version: { type: "string" },
        digest: { type: "string" },
        environment: { type: "string" },
        json: { type: "boolean" },
        extract: { type: "string" },
      },
    });
    const [file, ...more] = positionals;
    if (!file || more.length > 0) throw new UsageError("Name one bundle file.");
    if (!values.key) throw new UsageError("--key is missing: a bundle proves nothing without the portal's keys.");
    const bytes = await read(file);
    const pinned = parsePortalPub((await read(values.key)).toString("utf8"));
    const { model, version, digest, environment } = values;
    const checks = verifyBundle(bytes, pinned, {
      ...(model ? { model } : {}),
      ...(version ? { version } : {}),
      ...(digest ? { digest: digest.replace(/^sha256:/, "") } : {}),
      ...(environment ? { environment } : {}),
    });
    const failed = checks.filter((c) => !c.ok);
    if (values.json) io.out(JSON.stringify({ ok: failed.length === 0, checks }, null, 2));
    else {
      for (const { check, ok, detail } of checks) io.out(`${ok ? "ok  " : "FAIL"} ${check}: ${detail}`);
      io.out(
        failed.length === 0
          ? `${file} holds: all ${checks.length} checks.`
          : `${file} does NOT hold: ${failed.length} of ${checks.length} checks fail, first ${failed[0]?.check}.`,
      );
    }
    if (failed.length > 0) return exit.no;
    if (values.extract) {
      await mkdir(values.extract, { recursive: true });
      for (const { name, bytes: content } of filesOf(bytes)) await writeFile(path.join(values.extract, name), content);
      io.err(`Wrote the parts to ${values.extract}; see README.txt there.`);
    }
    return exit.yes;
  },
};

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new Error(`${file} cannot be read.`, { cause });
  }
}
