/** Where a command writes and what it knows of its surroundings; tests give their own. */
export type Io = {
  out: (text: string) => void;
  err: (text: string) => void;
  env: Readonly<Record<string, string | undefined>>;
};

/**
 * Exit codes, the same for every command: `yes` it holds, was done or is allowed; `no` it was looked at and does not hold or
 * is denied; `unknown` it could not be looked at: wrong usage, no answer, unreadable file.
 */
export const exit = { yes: 0, no: 1, unknown: 2 } as const;
export type Exit = (typeof exit)[keyof typeof exit];

/** One command of `countersign`. `name` may be two words ("gate check"); `help` is printed for `--help`. */
export type CliCommand = {
  name: string;
  summary: string;
  help: string;
  run: (args: readonly string[], io: Io) => Promise<Exit>;
};

/** A mistake in how a command was called; printed with the command's help, exit code 2. */
export class UsageError extends Error {}
