import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type CliCommand, exit, UsageError } from "../command";

const problem = z.object({ detail: z.string() });

/** Fetches a release's bundle from a portal. */
export const bundle: CliCommand = {
  name: "bundle",
  summary: "fetch a release's bundle for offline verification",
  help: `countersign bundle RELEASE [--url URL] [--out FILE]
  RELEASE  its reference, e.g. REL-0412
  --url    address of the portal (default: COUNTERSIGN_URL, then http://localhost:3000)
  --out    file to write (default: RELEASE.bundle.json)
Needs COUNTERSIGN_TOKEN, an API token that may read releases. The export is logged.
Exit codes: 0 written, 1 refused, 2 could not ask.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: { type: "string" }, out: { type: "string" } },
    });
    const [release, ...more] = positionals;
    if (!release || more.length > 0) throw new UsageError("Name one release.");
    const token = io.env.COUNTERSIGN_TOKEN;
    if (!token) throw new UsageError("COUNTERSIGN_TOKEN is not set.");
    const url = values.url ?? io.env.COUNTERSIGN_URL ?? "http://localhost:3000";
    const address = new URL(`/api/v1/releases/${encodeURIComponent(release)}/bundle`, url);
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    }).catch((cause: unknown) => {
      throw new Error(`${url} does not answer. Is the portal running, and is the address right?`, { cause });
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) {
      const said = problem.safeParse(parseJson(bytes));
      io.err(said.success ? said.data.detail : `${url} answered ${response.status}.`);
      return response.status < 500 ? exit.no : exit.unknown;
    }
    const out = values.out ?? `${release}.bundle.json`;
    await writeFile(out, bytes);
    io.out(`${out}: ${bytes.length} bytes. Verify it with: countersign verify ${out} --key portal.pub`);
    return exit.yes;
  },
};

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
