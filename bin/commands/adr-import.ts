import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { recordFiles } from "@/lib/decisions/folder";
import { type CliCommand, exit, UsageError } from "../command";
import { ask, problem } from "../portal";

const answer = z.looseObject({
  files: z.array(
    z.looseObject({
      name: z.string(),
      fate: z.string(),
      ref: z.string().nullable(),
      title: z.string(),
      statusInFile: z.string().nullable(),
      claims: z.array(z.looseObject({ words: z.string() })),
      faults: z.array(z.looseObject({ line: z.number(), text: z.string() })),
    }),
  ),
});
type Told = z.output<typeof answer>["files"][number];

const options = {
  url: { type: "string" },
  token: { type: "string" },
  glob: { type: "string", multiple: true },
  model: { type: "string" },
  collection: { type: "string" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** What one request may carry: the portal takes 200 files and a body of 1 MB. */
const perRequest = { files: 200, bytes: 900_000 };

/** Imports a folder of records. Every file is asked about before the first is written. */
export const adrImport: CliCommand = {
  name: "adr import",
  summary: "import a folder of decision records",
  help: `countersign adr import DIR [--glob PATTERN]… [--model M] [--collection NAME] [--dry-run] [--json]
  DIR           folder with Markdown records (MADR 2 to 4, adr-tools, Log4brains)
  --glob        which files, relative to DIR (default: **/*.md); may be given more than once
  --model       the model the decisions are about
  --collection  names where the files come from (default: the repository or folder, with the path in it); the same file of the
                same collection is the same record, so importing again revises what changed and leaves the rest
  --dry-run     say what would become of each file, and write nothing
  --json        print the answer as JSON
  --url         address of the portal (default: COUNTERSIGN_URL, then http://localhost:3000)
  --token       API token with the right decisions:write (default: COUNTERSIGN_TOKEN; prefer that, arguments are seen by others)
Exit codes: 0 every record was taken, 1 a file was refused (each with its reason; the others are taken), 2 could not ask.`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [folder, ...more] = positionals;
    if (!folder || more.length > 0) throw new UsageError("Name one folder.");
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${folder} is no folder.`);
    const token = values.token ?? io.env.COUNTERSIGN_TOKEN;
    if (!token) throw new UsageError("--token is missing, and COUNTERSIGN_TOKEN is not set.");
    const url = values.url ?? io.env.COUNTERSIGN_URL ?? "http://localhost:3000";
    const collection = values.collection ?? collectionOf(folder);
    const files = recordFiles(folder, values.glob ?? ["**/*.md"]);
    const records = files.filter((file): file is { path: string; content: string } => "content" in file);
    const refused = files.filter((file): file is { path: string; reason: string } => "reason" in file);
    if (files.length === 0) throw new UsageError(`No file in ${folder} fits.`);

    const send = async (batch: typeof records, dryRun: boolean): Promise<Told[]> => {
      const response = await ask(new URL("/api/v1/decisions/import", url), {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({
          files: batch.map((file) => ({ name: file.path, content: file.content })),
          collection,
          dryRun,
          ...(values.model ? { model: values.model } : {}),
        }),
      });
      const body: unknown = await response.json().catch(() => null);
      const parsed = answer.safeParse(body);
      if (!response.ok || !parsed.success) throw new Error(`${url} refused: ${problem(response.status, body)}`);
      return parsed.data.files;
    };
    const told: Told[] = [];
    for (const batch of batches(records)) told.push(...(await send(batch, true)));
    if (!values["dry-run"]) {
      told.length = 0;
      for (const batch of batches(records)) told.push(...(await send(batch, false)));
    }
    if (values.json) io.out(JSON.stringify({ collection, files: told, refused }, null, 2));
    else for (const line of lines(told, refused, collection, values["dry-run"] === true)) io.out(line);
    return refused.length > 0 ? exit.no : exit.yes;
  },
};

function* batches<F extends { path: string; content: string }>(files: readonly F[]): Generator<F[]> {
  let batch: F[] = [];
  let bytes = 0;
  for (const file of files) {
    const size = JSON.stringify(file).length * 1.2;
    if (batch.length > 0 && (batch.length >= perRequest.files || bytes + size > perRequest.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function lines(
  told: readonly Told[],
  refused: readonly { path: string; reason: string }[],
  collection: string,
  dry: boolean,
) {
  const width = Math.min(60, Math.max(...told.map((f) => f.name.length), ...refused.map((f) => f.path.length), 4));
  const count = (fate: string) => told.filter((f) => f.fate === fate).length;
  const counts = ["new", "revised", "unchanged", "drift"].map((fate) => `${count(fate)} ${fate}`);
  return [
    ...told.flatMap((f) => [
      `${f.fate.padEnd(10)}${f.name.padEnd(width)}  ${f.ref ?? ""}${f.ref ? "  " : ""}${f.title}${f.statusInFile ? ` (the file says ${f.statusInFile})` : ""}`,
      ...f.claims.map((claim) => `            claims: ${claim.words}`),
      ...f.faults.map((fault) => `            line ${fault.line}: ${fault.text}`),
    ]),
    ...refused.map((f) => `${"refused".padEnd(10)}${f.path.padEnd(width)}  ${f.reason}`),
    `${dry ? "Would be" : "Now"}: ${counts.join(", ")}, ${refused.length} refused (collection ${collection}).`,
  ];
}

/** The repository's name and the path in it; outside of one, the folder's own name. */
function collectionOf(folder: string): string {
  const full = fs.realpathSync(folder);
  for (let at = full; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, ".git")))
      return [path.basename(at), path.relative(at, full)].filter((part) => part !== "").join("/");
    if (path.dirname(at) === at) return path.basename(full);
  }
}
