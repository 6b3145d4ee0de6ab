import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";

/** One line of the README's table: both figures of one run, and what was promised. `met` is decided here, once. */
export type Headline = {
  /** P1 to P13, or a promise of an issue. */
  id: string;
  what: string;
  ours: string;
  reference: string;
  /** What is compared with the target, in the target's unit. */
  figure: number;
  target: { atMost: number } | { atLeast: number };
};

const meets = ({ figure, target }: Pick<Headline, "figure" | "target">): boolean =>
  "atMost" in target ? figure <= target.atMost : figure >= target.atLeast;

const kept = 5;

/** Prints a result and appends it to bench/results; the README's table is made from the newest of each (scripts/bench.mjs). */
export async function report(
  name: string,
  result: { sizes: Readonly<Record<string, number>>; headlines: readonly Headline[]; detail: unknown },
): Promise<void> {
  const whole = {
    bench: name,
    at: new Date().toISOString(),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB`,
    node: process.version,
    /** Load averages over 1, 5 and 15 minutes when it ended; the bench itself is part of them. */
    load: os.loadavg().map((l) => Number(l.toFixed(2))),
    sizes: result.sizes,
    headlines: result.headlines.map((h) => ({ ...h, met: meets(h) })),
    detail: result.detail,
  };
  console.log(JSON.stringify(whole, null, 2));
  await mkdir("bench/results", { recursive: true });
  const file = `bench/results/${name}.json`;
  const before: unknown = existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : [];
  const runs = [...(Array.isArray(before) ? before : []), whole].slice(-kept);
  await writeFile(file, `${JSON.stringify(runs, null, 1)}\n`);
}
