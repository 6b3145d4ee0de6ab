import { z } from "zod";
import { type Envelope, envelopeSchema, parseStatement, verifyEnvelope } from "@/lib/signing/dsse";

/**
 * Whether a gate answer may be acted on: signed by the pinned key, an allow for exactly this question, unexpired, and an answer to our own
 * nonce. No network, no database; the command line bundles it. Returns null, or why not.
 */
export function distrust(
  answer: { decision: "allow" | "deny"; dsse: unknown },
  question: { model: string; digest: string; environment: string; version: string; nonce: string | null },
  spki: Uint8Array,
  now: Date,
): string | null {
  const envelope = envelopeSchema.safeParse(answer.dsse);
  if (!envelope.success) return "the answer carries no signed statement";
  let statement: Statement;
  try {
    statement = open(envelope.data, spki);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const expected =
    answer.decision === "allow" ? "https://slsa.dev/verification_summary/v1" : /\/attestation\/release-denial\/v1$/;
  if (typeof expected === "string" ? statement.predicateType !== expected : !expected.test(statement.predicateType))
    return `the signed statement is a ${statement.predicateType}, not what ${answer.decision} stands for`;
  return answer.decision === "allow" ? distrustAllow(statement, question, now) : distrustDenial(statement, question);
}

/** The statement inside, if the key signed it. Throws with the reason. */
function open(envelope: Envelope, spki: Uint8Array): Statement {
  const verified = verifyEnvelope(envelope, spki);
  if (!verified.ok) throw new Error(verified.why);
  return parseStatement(verified.payload);
}

const Summary = z.looseObject({
  verificationResult: z.literal("PASSED"),
  verifier: z.looseObject({ id: z.string() }),
  resourceUri: z.string(),
  inputAttestations: z.array(z.object({ uri: z.string(), digest: z.object({ sha256: z.string() }) })).min(1),
});
const Decision = z.looseObject({
  environment: z.string(),
  decision: z.literal("allow"),
  expiresAt: z.iso.datetime(),
  requestNonce: z.string().optional(),
});

type Statement = ReturnType<typeof parseStatement>;
type Question = Parameters<typeof distrust>[1];

function distrustAllow(statement: Statement, question: Question, now: Date): string | null {
  const [subject, ...more] = statement.subject;
  if (!subject || more.length > 0 || subject.digest.sha256 !== question.digest)
    return "the summary is of another artefact";
  const summary = Summary.safeParse(statement.predicate);
  if (!summary.success) return "the summary does not say PASSED with the attestations it rests on";
  const path = `/models/${encodeURIComponent(question.model)}/versions/${encodeURIComponent(question.version)}?env=${question.environment}`;
  const { resourceUri, verifier } = summary.data;
  const portal = resourceUri.slice(0, -path.length);
  if (!resourceUri.endsWith(path) || !/^https:\/\/[^/?#]+$/.test(portal)) return `the summary is for ${resourceUri}`;
  // The gate of the very portal whose model it is: a key may serve more than one verifier, a summary stands for one.
  if (verifier.id !== `${portal}/verifier/release-gate/v1`) return `the verifier is ${verifier.id}`;
  const decision = Decision.safeParse(statement.predicate[`${portal}/predicate/release-decision/v1`]);
  if (!decision.success) return "the summary carries no release decision";
  if (decision.data.environment !== question.environment) return `the decision is for ${decision.data.environment}`;
  if (Date.parse(decision.data.expiresAt) <= now.getTime()) return `the answer expired at ${decision.data.expiresAt}`;
  if (question.nonce !== null && decision.data.requestNonce !== question.nonce)
    return "the answer is to another question (nonce)";
  return null;
}

function distrustDenial(statement: Statement, question: Question): string | null {
  const nonce = statement.predicate.requestNonce;
  return question.nonce !== null && nonce !== question.nonce ? "the answer is to another question (nonce)" : null;
}
