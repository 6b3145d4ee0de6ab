import { parseArgs } from "node:util";
import { type CliCommand, exit } from "../command";
import { about, askExplanation, type Explanation, gateHelp, gateOf, gateOptions, reasonLines } from "../gate";

/** What the gate would answer, for people at a terminal and for pull requests: no log entry, no signature, no permission. */
export const gateExplain: CliCommand = {
  name: "gate explain",
  summary: "what passes, what blocks, and who can unblock it; unsigned",
  help: `countersign gate explain --model M --version V --env prod [--digest SHA256] [--json]
${gateHelp};
             left out, the registered artefact is meant
  --json     print the explanation as JSON
The explanation is neither signed nor logged: it lets nothing through. A pipeline that deploys asks with gate check.
Also readers of releases may ask; the right gate:check is not needed.
Exit codes: 0 the gate would allow, 1 it would deny, 2 could not ask.`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: gateOptions });
    const gate = gateOf(values, io, { digest: "optional" });
    const { answer, body } = await askExplanation(gate);
    if (values.json) io.out(JSON.stringify(body, null, 2));
    else {
      io.out(
        `The gate would ${answer.decision} ${about(gate.question, answer.release)}. Unsigned: it lets nothing through.`,
      );
      for (const line of [...basis(answer), ...reasonLines(answer, gate.url), ...later(answer)]) io.out(line);
    }
    return answer.decision === "allow" ? exit.yes : exit.no;
  },
};

/** By which rule, on which bytes, and which signatures count already. */
const basis = ({ policy, tier, digest, approvals }: Explanation): string[] => [
  `  policy ${policy ? `${policy.id} v${policy.version}` : "none"}, tier ${tier ?? "unknown"}, registered artefact ${digest ?? "not measured"}`,
  ...approvals.map((a) => `  ${a.met ? "ok  " : "open"} ${a.title}: ${a.have} of ${a.count} signatures`),
];

const later = ({ upcoming, final }: Explanation): string[] => [
  ...upcoming.map((u) => `  from ${u.on}: ${u.text}`),
  ...(final ? ["  No waiting clears this."] : []),
];
