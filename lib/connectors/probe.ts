import { UpstreamFault } from "./fault";
import type { Probe, Tested } from "./registry";

/** Collects what a connection test tries. A fault of the other side is an answer; anything else is thrown. */
export function prober() {
  const probes: Probe[] = [];
  return {
    /** Tries one thing. `grant`: the permission it takes, named when the answer does not name it itself. */
    attempt: async (what: string, grant: string, run: () => Promise<string>): Promise<boolean> => {
      try {
        probes.push({ what, ok: true, text: await run(), missing: null });
        return true;
      } catch (error) {
        if (!(error instanceof UpstreamFault)) throw error;
        probes.push({
          what,
          ok: false,
          text: error.message,
          missing: error.kind === "forbidden" ? (error.permission ?? grant) : null,
        });
        return false;
      }
    },
    /** The whole answer; `fine` is the sentence when nothing failed. */
    answer: (fine: string, found: Partial<Tested>): Tested => {
      const failed = probes.find((p) => !p.ok);
      return {
        identity: null,
        serverVersion: null,
        models: null,
        more: false,
        skewMs: null,
        ...found,
        ok: !failed,
        summary: failed ? (failed.missing ? `${failed.missing} is missing. ${failed.text}` : failed.text) : fine,
        missing: [...new Set(probes.flatMap((p) => (p.missing ? [p.missing] : [])))],
        probes,
      };
    },
  };
}

/** Null where a question is not answered, because only the API counts; a broken connection is thrown. */
export async function ifTold<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UpstreamFault) return null;
    throw error;
  }
}

/** "3 registered models", "1,000 or more registered models". */
export const countOf = (n: number, more: boolean, noun = "registered model"): string =>
  `${n.toLocaleString("en-GB")}${more ? " or more" : ""} ${noun}${n === 1 && !more ? "" : "s"}`;
