import { type CliCommand, type Exit, exit, type Io, UsageError } from "./command";
import { commands } from "./commands";

/** Runs the command that the arguments name and returns the exit code. Never throws. */
export async function main(args: readonly string[], io: Io): Promise<Exit> {
  if (args.length === 0 || args[0] === "--help" || args[0] === "help") {
    io.out(overview());
    return args.length === 0 ? exit.unknown : exit.yes;
  }
  const command = find(args);
  if (!command) {
    io.err(`countersign: there is no command "${args.filter((a) => !a.startsWith("-")).join(" ")}".\n\n${overview()}`);
    return exit.unknown;
  }
  const rest = args.slice(command.name.split(" ").length);
  if (rest.includes("--help")) {
    io.out(command.help);
    return exit.yes;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    io.err(`countersign ${command.name}: ${error instanceof Error ? error.message : String(error)}`);
    if (isUsage(error)) io.err(`\n${command.help}`);
    return exit.unknown;
  }
}

/** Ours, or one of those that node:util's parseArgs throws. */
const isUsage = (error: unknown): boolean =>
  error instanceof UsageError ||
  (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));

const find = (args: readonly string[]): CliCommand | undefined =>
  commands.find((c) => c.name.split(" ").every((word, i) => args[i] === word));

function overview(): string {
  const width = Math.max(...commands.map((c) => c.name.length)) + 2;
  return [
    "countersign COMMAND [OPTION…]",
    "",
    ...commands.map((c) => `  ${c.name.padEnd(width)}${c.summary}`),
    "",
    "countersign COMMAND --help explains one. Exit codes: 0 yes, 1 no, 2 could not tell.",
  ].join("\n");
}
