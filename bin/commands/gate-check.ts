import { parseArgs } from "node:util";
import { type CliCommand, exit } from "../command";
import {
  about,
  askGate,
  gateHelp,
  gateOf,
  gateOptions,
  reasonLines,
  saveBundle,
  signedHelp,
  signedOptions,
} from "../gate";

/** Asks the release gate, for pipelines. Whatever is not a clear answer is exit code 2, which a pipeline must treat as deny. */
export const gateCheck: CliCommand = {
  name: "gate check",
  summary: "ask whether a version may be released",
  help: `countersign gate check --model M --version V --digest SHA256 --env prod [--key PORTAL.PUB] [--nonce N] [--bundle OUT.json] [--json]
${gateHelp}
${signedHelp}
  --json     print the answer as JSON
Exit codes: 0 allow, 1 deny, 2 could not ask or could not trust the answer.`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { ...gateOptions, ...signedOptions } });
    const gate = gateOf(values, io, { digest: "needed" });
    const { answer, body } = await askGate(gate, values);
    if (values.bundle) await saveBundle(gate, answer.id, values.bundle);
    if (values.json) io.out(JSON.stringify(body, null, 2));
    else {
      const { decision, release, expiresAt } = answer;
      io.out(`${decision.toUpperCase()} ${about(gate.question, release)}, until ${expiresAt}`);
      for (const line of reasonLines(answer, gate.url)) io.out(line);
    }
    return answer.decision === "allow" ? exit.yes : exit.no;
  },
};
