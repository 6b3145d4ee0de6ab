import { parseArgs } from "node:util";
import { z } from "zod";
import { type CliCommand, exit } from "../command";

const answer = z.object({
  status: z.string(),
  parts: z.array(z.object({ part: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** Asks a running portal whether it is ready, part by part. */
export const status: CliCommand = {
  name: "status",
  summary: "whether a portal is ready, part by part",
  help: `countersign status [--url URL]
  --url   address of the portal (default: COUNTERSIGN_URL, then http://localhost:3000)
Exit codes: 0 ready, 1 not ready, 2 could not ask.`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { url: { type: "string" } } });
    const url = values.url ?? io.env.COUNTERSIGN_URL ?? "http://localhost:3000";
    const response = await fetch(new URL("/api/ready", url), { signal: AbortSignal.timeout(10_000) }).catch(
      (cause: unknown) => {
        throw new Error(`${url} does not answer. Is the portal running, and is the address right?`, { cause });
      },
    );
    const parsed = answer.safeParse(await response.json().catch(() => null));
    if (!parsed.success) throw new Error(`${url} answers, but not as Countersign does. Is the address right?`);
    for (const { part, ok, detail } of parsed.data.parts) io.out(`${ok ? "ok  " : "FAIL"} ${part}: ${detail}`);
    io.out(`${url} is ${parsed.data.status}`);
    return response.ok ? exit.yes : exit.no;
  },
};
