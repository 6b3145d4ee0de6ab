import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parsePortalPub } from "@/lib/bundle/keys";
import { distrust } from "@/lib/releases/verify-answer";
import { type CliCommand, exit, type Io, UsageError } from "../command";
import { ask, problem, safeJson } from "../portal";

const answer = z.looseObject({
  id: z.string(),
  decision: z.enum(["allow", "deny"]),
  reasons: z.array(
    z.looseObject({ code: z.string(), text: z.string(), who: z.string(), unblock: z.string(), link: z.string() }),
  ),
  warnings: z.array(z.looseObject({ code: z.string(), text: z.string() })).default([]),
  release: z.string().nullable(),
  expiresAt: z.string(),
  dsse: z.unknown(),
});

const options = {
  url: { type: "string" },
  token: { type: "string" },
  model: { type: "string" },
  version: { type: "string" },
  digest: { type: "string" },
  env: { type: "string" },
  nonce: { type: "string" },
  key: { type: "string" },
  bundle: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Asks the release gate, for pipelines. Whatever is not a clear answer is exit code 2, which a pipeline must treat as deny. */
export const gateCheck: CliCommand = {
  name: "gate check",
  summary: "ask whether a version may be released",
  help: `countersign gate check --model M --version V --digest SHA256 --env prod [--key PORTAL.PUB] [--nonce N] [--bundle OUT.json] [--json]
  --url      address of the portal (default: COUNTERSIGN_URL, then http://localhost:3000)
  --token    API token with the right gate:check (default: COUNTERSIGN_TOKEN; prefer that, arguments are seen by others)
  --digest   SHA-256 of the artefact that will be deployed, computed by you
  --key      the portal's public keys; with them the signed answer is verified before it counts
  --nonce    8 to 128 characters that the answer must repeat (default: random)
  --bundle   also write the answer with its inclusion in the log, as cosign verifies it
  --json     print the answer as JSON
Exit codes: 0 allow, 1 deny, 2 could not ask or could not trust the answer.`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options });
    const need = (name: "model" | "version" | "digest" | "env"): string => {
      const value = values[name];
      if (!value) throw new UsageError(`--${name} is missing.`);
      return value;
    };
    const question = {
      model: need("model"),
      version: need("version"),
      digest: need("digest")
        .toLowerCase()
        .replace(/^sha256:/, ""),
      environment: need("env"),
      nonce: values.nonce ?? randomBytes(16).toString("hex"),
    };
    const token = values.token ?? io.env.COUNTERSIGN_TOKEN;
    if (!token) throw new UsageError("--token is missing, and COUNTERSIGN_TOKEN is not set.");
    const url = values.url ?? io.env.COUNTERSIGN_URL ?? "http://localhost:3000";
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };

    const response = await ask(new URL("/api/v1/gate/check", url), {
      method: "POST",
      headers,
      body: JSON.stringify(question),
    });
    const body: unknown = await response.json().catch(() => null);
    const parsed = answer.safeParse(body);
    const expected = parsed.success && response.status === (parsed.data.decision === "allow" ? 200 : 403);
    if (!parsed.success || !expected) throw new Error(`${url} gave no answer: ${problem(response.status, body)}`);

    if (values.key) {
      const keys = parsePortalPub(await readFile(values.key, "utf8"));
      const why = distrust(parsed.data, question, keys.statementSpki, new Date());
      if (why) throw new Error(`The answer of ${url} cannot be trusted: ${why}.`);
    }
    if (values.bundle) {
      const bundle = await ask(new URL(`/api/v1/gate/answers/${parsed.data.id}/bundle`, url), { headers });
      const text = await bundle.text();
      if (!bundle.ok) throw new Error(`${url} gave no bundle: ${problem(bundle.status, safeJson(text))}`);
      await writeFile(values.bundle, text);
    }
    if (values.json) io.out(JSON.stringify(body, null, 2));
    else tell(parsed.data, question, url, io);
    return parsed.data.decision === "allow" ? exit.yes : exit.no;
  },
};

function tell(
  a: z.output<typeof answer>,
  q: { model: string; version: string; environment: string },
  url: string,
  io: Io,
): void {
  io.out(
    `${a.decision.toUpperCase()} ${q.model} ${q.version} to ${q.environment}${a.release ? ` (${a.release})` : ""}, until ${a.expiresAt}`,
  );
  for (const reason of a.reasons) {
    io.out(`  ${reason.code}: ${reason.text}`);
    io.out(`    ${reason.who}: ${reason.unblock}. ${new URL(reason.link, url)}`);
  }
  for (const warning of a.warnings) io.out(`  warning ${warning.code}: ${warning.text}`);
}
