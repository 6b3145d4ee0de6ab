import type { CliCommand } from "./command";
import { status } from "./commands/status";
import { tokenCreate } from "./commands/token";

/** Every command of the command line, in the order of its help. */
export const commands: readonly CliCommand[] = [status, tokenCreate];
