import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type CliCommand, type Exit, exit, type Io, UsageError } from "../command";
import {
  type Answer,
  about,
  askExplanation,
  askGate,
  type Explanation,
  type Gate,
  gateHelp,
  gateOf,
  gateOptions,
  reasonLines,
  saveBundle,
  signedHelp,
  signedOptions,
} from "../gate";
import { NoAnswer } from "../portal";

/**
 * Waits for the gate. It asks once, then looks at the unsigned explanation, which leaves nothing in the log, and asks again when that
 * says that the answer has changed for good or the time is up: what ends the wait is always a signed answer.
 */
export const gateWait: CliCommand = {
  name: "gate wait",
  summary: "wait until a version may be released",
  help: `countersign gate wait --model M --version V --digest SHA256 --env prod [--timeout 30m] [--every 10s] [--key PORTAL.PUB] [--nonce N] [--bundle OUT.json] [--json]
${gateHelp}
${signedHelp}
  --timeout  how long to wait at most: 90s, 30m, 8h (default: 30m)
  --every    how often to look (default: 10s); a portal that asks for a longer pause gets it
  --json     print the last answer as JSON, and progress on standard error
Prints the answer when it changes. Ends before the time is up if the gate allows, or denies for a reason that no waiting clears:
the version was rejected or withdrawn, the use is prohibited, the artefact is another one, no policy covers the environment.
A portal that is away, busy or being restarted is asked again; one that refuses the token or the question is not.
Exit codes: 0 allow, 1 still or finally denied, 2 could not ask or could not trust the answer.`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...gateOptions, ...signedOptions, timeout: { type: "string" }, every: { type: "string" } },
    });
    const gate = gateOf(values, io, { digest: "needed" });
    const every = span("every", values.every ?? "10s");
    const until = Date.now() + span("timeout", values.timeout ?? "30m");
    const report = reporter(gate, values.json ? io.err : io.out);

    for (;;) {
      const asked = await patiently(() => askGate(gate, values), { every, until, report });
      const { answer } = asked;
      report.answer(answer);
      const ended = answer.decision === "allow" || answer.final || report.withdrawn(answer) || Date.now() >= until;
      if (!ended) {
        await worthAsking(gate, { every, until, report });
        continue;
      }
      if (values.bundle) await saveBundle(gate, answer.id, values.bundle);
      if (values.json) io.out(JSON.stringify(asked.body, null, 2));
      return verdict(answer, report, io);
    }
  },
};

function verdict(answer: Answer, report: Reporter, io: Io): Exit {
  if (answer.decision === "allow") return exit.yes;
  io.err(
    answer.final || report.withdrawn(answer)
      ? "No waiting clears this."
      : "The time is up, and the gate still denies. Whoever is named above can clear it; then run this again.",
  );
  return exit.no;
}

type Waiting = { every: number; until: number; report: Reporter };

/** Until the explanation promises another end than "wait", or the time is up. */
async function worthAsking(gate: Gate, waiting: Waiting): Promise<void> {
  const { every, until, report } = waiting;
  for (;;) {
    await pause(Math.max(0, Math.min(every, until - Date.now())));
    if (Date.now() >= until) return;
    const seen = await patiently(() => explained(gate), waiting);
    if (!seen) continue;
    if (seen.decision === "allow" || seen.final || report.withdrawn(seen)) return;
    report.answer(seen);
  }
}

/** Null while the inventory does not know the model: it may be on its way with the next sync. */
async function explained(gate: Gate): Promise<Explanation | null> {
  try {
    return (await askExplanation(gate)).answer;
  } catch (error) {
    if (error instanceof NoAnswer && error.status === 404) return null;
    throw error;
  }
}

/** Asks again as long as a portal is away or busy and time is left, after the pause that it asks for. */
async function patiently<T>(ask: () => Promise<T>, { every, until, report }: Waiting): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoAnswer) || !error.passing || Date.now() >= until) throw error;
      report.note(error.message);
      await pause(Math.max(0, Math.min(Math.max(every, error.retryAfterMs ?? 0), until - Date.now())));
    }
  }
}

type Reporter = ReturnType<typeof reporter>;

/** Says what is new, and nothing twice in a row. */
function reporter(gate: Gate, say: (text: string) => void) {
  let last = "";
  let release: string | null = null;
  const note = (text: string) => {
    if (text !== last) say(text);
    last = text;
  };
  return {
    note,
    answer(a: Answer | Explanation) {
      release ??= a.release;
      note([`${a.decision.toUpperCase()} ${about(gate.question, a.release)}`, ...reasonLines(a, gate.url)].join("\n"));
    },
    /** There was a request, and there is none any more. */
    withdrawn: (a: Answer | Explanation): boolean => release !== null && a.release === null,
  };
}

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A span of time in milliseconds, at most a week. */
function span(name: string, text: string): number {
  const [, number, unit] = /^(\d{1,6}(?:\.\d{1,3})?)([smh])$/.exec(text) ?? [];
  const ms = Number(number) * (unit === "s" || unit === "m" || unit === "h" ? units[unit] : Number.NaN);
  if (!(ms >= 100 && ms <= 7 * 24 * units.h))
    throw new UsageError(`--${name} ${text}: give a span such as 90s, 30m or 8h, from 0.1s to 168h.`);
  return ms;
}
