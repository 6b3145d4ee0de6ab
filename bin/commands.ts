import type { CliCommand } from "./command";
import { adrImport } from "./commands/adr-import";
import { bundle } from "./commands/bundle";
import { gateCheck } from "./commands/gate-check";
import { gateExplain } from "./commands/gate-explain";
import { gateWait } from "./commands/gate-wait";
import { logVerify } from "./commands/log-verify";
import { status } from "./commands/status";
import { tokenCreate } from "./commands/token";
import { verify } from "./commands/verify";

/** Every command of the command line, in the order of its help. */
export const commands: readonly CliCommand[] = [
  gateCheck,
  gateWait,
  gateExplain,
  bundle,
  verify,
  logVerify,
  status,
  adrImport,
  tokenCreate,
];
