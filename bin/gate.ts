import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { parsePortalPub } from "@/lib/bundle/keys";
import { distrust } from "@/lib/releases/verify-answer";
import { type Io, UsageError } from "./command";
import { ask, noAnswer, problem, safeJson } from "./portal";

const reason = z.looseObject({
  code: z.string(),
  text: z.string(),
  who: z.string(),
  unblock: z.string(),
  link: z.string(),
});

const said = {
  decision: z.enum(["allow", "deny"]),
  /** Whether no waiting changes it (lib/releases/final-reasons.ts). */
  final: z.boolean().default(false),
  reasons: z.array(reason),
  warnings: z.array(z.looseObject({ code: z.string(), text: z.string() })).default([]),
  release: z.string().nullable(),
};

const answer = z.looseObject({ ...said, id: z.string(), expiresAt: z.string(), dsse: z.unknown() });
export type Answer = z.output<typeof answer>;

const explanation = z.looseObject({
  ...said,
  tier: z.number().nullable(),
  digest: z.string().nullable(),
  policy: z.looseObject({ id: z.string(), version: z.number() }).nullable(),
  approvals: z.array(z.looseObject({ title: z.string(), count: z.number(), have: z.number(), met: z.boolean() })),
  upcoming: z.array(z.looseObject({ on: z.string(), text: z.string() })),
});
export type Explanation = z.output<typeof explanation>;

/** Options that every command of the gate takes, for parseArgs. */
export const gateOptions = {
  url: { type: "string" },
  token: { type: "string" },
  model: { type: "string" },
  version: { type: "string" },
  digest: { type: "string" },
  env: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Options of those that act on a signed answer. */
export const signedOptions = {
  nonce: { type: "string" },
  key: { type: "string" },
  bundle: { type: "string" },
} as const;

export const gateHelp = `  --url      address of the portal (default: COUNTERSIGN_URL, then http://localhost:3000)
  --token    API token with the right gate:check (default: COUNTERSIGN_TOKEN; prefer that, arguments are seen by others)
  --digest   SHA-256 of the artefact that will be deployed, computed by you`;

export const signedHelp = `  --key      the portal's public keys; with them the signed answer is verified before it counts
  --nonce    8 to 128 characters that the answer must repeat (default: random)
  --bundle   also write the answer with its inclusion in the log, as cosign verifies it`;

type Given = { [K in keyof typeof gateOptions]?: string | boolean | undefined };
export type Question = { model: string; version: string; digest: string | null; environment: string };
export type Gate = { url: string; token: string; question: Question };

/** The portal and the question that the options mean. Throws UsageError for what is missing; only an explanation needs no digest. */
export function gateOf(values: Given, io: Io, { digest }: { digest: "needed" | "optional" }): Gate {
  const text = (name: keyof Given) => (typeof values[name] === "string" && values[name] ? values[name] : null);
  const need = (name: keyof Given): string => {
    const value = text(name);
    if (value === null) throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const given = digest === "needed" ? need("digest") : text("digest");
  const question = {
    model: need("model"),
    version: need("version"),
    digest: given?.toLowerCase().replace(/^sha256:/, "") ?? null,
    environment: need("env"),
  };
  const token = text("token") ?? io.env.COUNTERSIGN_TOKEN;
  if (!token) throw new UsageError("--token is missing, and COUNTERSIGN_TOKEN is not set.");
  return { url: text("url") ?? io.env.COUNTERSIGN_URL ?? "http://localhost:3000", token, question };
}

/** Asks the gate for its signed answer, and trusts it only if the pinned key, when given, signed it for this question. */
export async function askGate(
  { url, token, question }: Gate,
  options: { nonce?: string | undefined; key?: string | undefined },
): Promise<{ answer: Answer; body: unknown }> {
  // Read before asking: an unreadable key is no reason to leave a question in the log.
  const keys = options.key ? parsePortalPub(await readFile(options.key, "utf8")) : null;
  const asked = { ...question, digest: question.digest ?? "", nonce: options.nonce ?? randomBytes(16).toString("hex") };
  const response = await ask(new URL("/api/v1/gate/check", url), {
    method: "POST",
    headers: { ...bearer(token), "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  const body: unknown = await response.json().catch(() => null);
  const parsed = answer.safeParse(body);
  const expected = parsed.success && response.status === (parsed.data.decision === "allow" ? 200 : 403);
  if (!parsed.success || !expected) throw noAnswer(url, response, body);
  if (keys) {
    const why = distrust(parsed.data, asked, keys.statementSpki, new Date());
    if (why) throw new Error(`The answer of ${url} cannot be trusted: ${why}.`);
  }
  return { answer: parsed.data, body };
}

/** Asks what the gate would answer. Unsigned and not logged: nothing may be deployed on it. */
export async function askExplanation({ url, token, question }: Gate): Promise<{ answer: Explanation; body: unknown }> {
  const address = new URL("/api/v1/gate/explain", url);
  for (const [name, value] of Object.entries(question)) if (value !== null) address.searchParams.set(name, value);
  const response = await ask(address, { headers: bearer(token) });
  const body: unknown = await response.json().catch(() => null);
  const parsed = explanation.safeParse(body);
  if (!parsed.success || !response.ok) throw noAnswer(url, response, body);
  return { answer: parsed.data, body };
}

/** Writes an answer with its inclusion in the log. */
export async function saveBundle({ url, token }: Gate, id: string, file: string): Promise<void> {
  const response = await ask(new URL(`/api/v1/gate/answers/${id}/bundle`, url), { headers: bearer(token) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} gave no bundle: ${problem(response.status, safeJson(text))}`);
  await writeFile(file, text);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What blocks, who can clear it, and what is not well although it does not block. */
export function reasonLines(a: Pick<Answer, "reasons" | "warnings">, url: string): string[] {
  return [
    ...a.reasons.flatMap((r) => [
      `  ${r.code}: ${r.text}`,
      `    ${r.who}: ${r.unblock}. ${new URL(r.link, url).toString()}`,
    ]),
    ...a.warnings.map((w) => `  warning ${w.code}: ${w.text}`),
  ];
}

/** The question in words, with the release it is about. */
export const about = (q: Question, release: string | null): string =>
  `${q.model} ${q.version} to ${q.environment}${release ? ` (${release})` : ""}`;
