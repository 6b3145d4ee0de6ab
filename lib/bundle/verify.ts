import { z } from "zod";
import { logId, logKeyOf, verifyCheckpoint, vkey } from "@/lib/log/checkpoint";
import { parseHead, parseNote } from "@/lib/log/note";
import { base64, fromBase64, fromUtf8, hex, utf8 } from "@/lib/signing/bytes";
import { type Envelope, parseStatement, type Statement, verifyEnvelope } from "@/lib/signing/dsse";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256 } from "@/lib/signing/sha256";
import { sigstoreBundle, trustedRoot } from "@/lib/signing/sigstore";
import { ed25519Spki } from "@/lib/signing/spki";
import { parseStrictJson } from "@/lib/signing/strict-json";
import type { Check } from "@/lib/signing/webauthn";
import { verifyApproval } from "./approval";
import { Checks, type Head, inclusionFault } from "./checks";
import {
  type Bundle,
  bundleSchema,
  encode,
  type Logged,
  predicateTypes,
  requestPredicate,
  summaryPredicate,
} from "./format";
import type { PinnedKeys } from "./keys";

const emergency = z.looseObject({ breakGlass: z.unknown().refine((v) => v !== undefined) });

/** What the caller expects the release to be about; whatever is given must match. */
export type Expectation = { digest?: string; environment?: string; model?: string; version?: string };

/**
 * Verifies a release bundle with nothing but the pinned keys: no network, no database, no clock. Every check is named; the
 * bundle holds exactly when all are ok. It says that these people approved these bytes and that the log holds it; whether the
 * policy's roles suffice is in the policy document, which the bundle carries.
 */
export function verifyBundle(bytes: Uint8Array, pinned: PinnedKeys, expected: Expectation = {}): Check[] {
  const checks = new Checks();
  const bundle = readBundle(bytes, checks);
  if (!bundle) return checks.list;
  const types = predicateTypes(bundle.portal.host);
  trustChecks(bundle, pinned, checks);
  sealCheck(bundle, pinned, types.seal, checks);

  const head = headOf(bundle, pinned, checks);
  const request = portalStatement("request", bundle.request, types.request, pinned, head, checks);
  const answer = portalStatement("answer", bundle.answer, types.summary, pinned, head, checks);
  const requestSha = request ? hex(sha256(fromBase64(bundle.request.envelope.payload))) : "";
  const approvals = bundle.approvals.map((approval, i) =>
    verifyApproval(`approval ${i + 1}`, approval, { bundle, pinned, types, head, requestSha, request }, checks),
  );

  checks.add("approvals.people", "each by another person, none of them the requester or the trainer", () => {
    if (!request) return "the request is not known";
    const people = approvals.map((a) => a?.person ?? "");
    const { requester, trainer } = requestPredicate.parse(request.predicate);
    if (people.includes("")) return "an approver is not known";
    if (new Set(people).size !== people.length) return "one person approved twice";
    if (people.includes(requester.id)) return "the requester approved the own request";
    return trainer && people.includes(trainer.id) ? "the trainer approved the own version" : null;
  });
  documentChecks(bundle, request, checks);
  answerChecks(bundle, request, answer, requestSha, expected, checks);
  checks.add("answer.order", "request and approvals stand in the log before the answer", () => {
    const before = [bundle.request.logged.index, ...bundle.approvals.map((a) => a.signature.logged.index)];
    return before.every((i) => i < bundle.answer.logged.index) ? null : "the answer stands before what it rests on";
  });
  checks.add("approvals.current", "none had expired when the gate answered", () => {
    const at = answer ? Date.parse(summaryPredicate.parse(answer.predicate).timeVerified) : Number.NaN;
    if (Number.isNaN(at)) return "the time of the answer is not known";
    return approvals.every((a) => a && a.issuedAt <= at && at < a.expiresAt) ? null : "an approval was not valid then";
  });
  return checks.list;
}

function readBundle(bytes: Uint8Array, checks: Checks): Bundle | null {
  let bundle: Bundle | null = null;
  checks.add("bundle.format", "a bundle of version 1", () => {
    const value = parseStrictJson(bytes);
    const parsed = bundleSchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return `${issue?.path.join(".") || "bundle"}: ${issue?.message}`;
    }
    if (encode(value) !== fromUtf8(bytes)) return "is not in the one spelling of a bundle (compact JSON)";
    bundle = parsed.data;
    return null;
  });
  return bundle;
}

/** Of a Sigstore trust root, what nothing else tells: since when the log's key is valid. */
const oneLog = z.looseObject({
  tlogs: z.tuple([z.looseObject({ publicKey: z.looseObject({ validFor: z.looseObject({ start: z.string() }) }) })]),
});

function trustChecks({ trust, portal }: Bundle, pinned: PinnedKeys, checks: Checks): void {
  checks.add("keys.pinned", "the portal's keys are the pinned ones", () => {
    if (trust.statementKey !== base64(pinned.statementSpki)) return "the statement key is not the pinned one";
    if (trust.logVkey !== vkey(pinned.log)) return "the log key is not the pinned one";
    return portal.logOrigin === pinned.log.origin ? null : `the log is ${portal.logOrigin}, not ${pinned.log.origin}`;
  });
  checks.add("keys.trustedRoot", "cosign's trust root holds the pinned log key and no other", () => {
    const [{ publicKey }] = oneLog.parse(trust.trustedRoot).tlogs;
    const derived = trustedRoot({
      origin: pinned.log.origin,
      spki: ed25519Spki(pinned.log.raw),
      id: logId(pinned.log),
      since: publicKey.validFor.start,
    });
    return encode(derived) === encode(trust.trustedRoot) ? null : "the trust root is not of the pinned log alone";
  });
}

function sealCheck(bundle: Bundle, pinned: PinnedKeys, type: string, checks: Checks): void {
  checks.add("bundle.seal", "complete and unchanged since the portal exported it", () => {
    const { seal, ...contents } = bundle;
    const signed = verifyEnvelope(seal, pinned.statementSpki);
    if (!signed.ok) return signed.why;
    const statement = parseStatement(signed.payload);
    if (statement.predicateType !== type) return `the seal is a ${statement.predicateType}`;
    const [subject] = statement.subject;
    return subject?.digest.sha256 === hex(sha256(utf8(encode(contents))))
      ? null
      : "something in the bundle was changed";
  });
}

function headOf(bundle: Bundle, pinned: PinnedKeys, checks: Checks): Head | null {
  let head: Head | null = null;
  checks.add("log.checkpoint", "signed by the log's key", () => {
    const result = verifyCheckpoint(bundle.checkpoint, pinned.log);
    if (result.ok) head = result.head;
    return result.ok ? null : result.why;
  });
  return head;
}

function portalStatement(
  name: string,
  part: { envelope: Envelope; logged: Logged },
  predicateType: string,
  pinned: PinnedKeys,
  head: Head | null,
  checks: Checks,
): Statement | null {
  let statement: Statement | null = null;
  const { envelope, logged } = part;
  checks.add(`${name}.signature`, "by the portal's statement key", () => {
    const result = verifyEnvelope(envelope, pinned.statementSpki);
    if (!result.ok) return result.why;
    statement = parseStatement(result.payload);
    return statement.predicateType === predicateType ? null : `it is a ${statement.predicateType}`;
  });
  checks.add(`${name}.log`, `entry ${logged.index}`, () =>
    inclusionFault(
      logged,
      {
        data: pae(inTotoType, fromBase64(envelope.payload)),
        sig: fromBase64(envelope.signatures[0].sig),
        spki: pinned.statementSpki,
      },
      head,
    ),
  );
  return statement;
}

function documentChecks({ documents }: Bundle, request: Statement | null, checks: Checks): void {
  for (const document of documents)
    checks.add(`document ${document.name}`, document.digest, () =>
      hex(sha256(fromBase64(document.bytes))) === document.digest ? null : "its bytes do not have its digest",
    );
  checks.add("documents.complete", "everything that the request names, and nothing else", () => {
    if (!request) return "the request is not known";
    const { evidence, gate } = requestPredicate.parse(request.predicate);
    const named = [
      ...evidence.map((e) => `${e.name} ${e.digest.sha256}`),
      `policy ${gate.policy.digest.sha256}`,
    ].sort();
    const present = documents.map((d) => `${d.name} ${d.digest}`).sort();
    const missing = named.filter((n) => !present.includes(n));
    if (missing.length > 0) return `missing: ${missing.join(", ")}`;
    return present.length === named.length ? null : "there are more documents than the request names";
  });
}

function answerChecks(
  bundle: Bundle,
  request: Statement | null,
  answer: Statement | null,
  requestSha: string,
  expected: Expectation,
  checks: Checks,
): void {
  checks.add("answer.allow", "the gate allowed this release", () => {
    if (!answer || !request) return "the request or the answer is not known";
    const { ref, release, gate } = requestPredicate.parse(request.predicate);
    const summary = summaryPredicate.parse(answer.predicate);
    if (summary.verificationResult !== "PASSED") return `the result is ${summary.verificationResult}`;
    if (bundle.release !== ref) return `the request is ${ref}, the bundle says ${bundle.release}`;
    const host = `https://${bundle.portal.host}`;
    if (emergency.safeParse(answer.predicate[`${host}/predicate/release-decision/v1`]).success)
      return "the gate was opened by break-glass, not by these approvals";
    if (summary.verifier.id !== `${host}/verifier/release-gate/v1`) return `the verifier is ${summary.verifier.id}`;
    const uri = `${host}/models/${encodeURIComponent(release.model)}/versions/${encodeURIComponent(release.version)}?env=${release.environment}`;
    if (summary.resourceUri !== uri) return `the answer is about ${summary.resourceUri}`;
    if (summary.policy.digest.sha256 !== gate.policy.digest.sha256) return "the answer used another policy";
    const [asked] = request.subject;
    const [allowed] = answer.subject;
    if (request.subject.length !== 1 || answer.subject.length !== 1 || asked?.digest.sha256 !== allowed?.digest.sha256)
      return "the answer is about another artefact";
    return null;
  });
  checks.add("answer.inputs", "rests on exactly this request and these approvals", () => {
    if (!answer) return "the answer is not known";
    const inputs = summaryPredicate.parse(answer.predicate).inputAttestations.map((a) => a.digest.sha256);
    const present = [requestSha, ...bundle.approvals.map((a) => hex(sha256(fromBase64(a.statement))))];
    return encode([...inputs].sort()) === encode(present.sort()) ? null : "it names other inputs";
  });
  checks.add("answer.sigstore", "the same answer as a Sigstore bundle", () => {
    const { logged, envelope } = bundle.answer;
    const head = parseHead(parseNote(bundle.checkpoint).text);
    const derived = sigstoreBundle(envelope, {
      logId: logId(logKeyOf(bundle.trust.logVkey)),
      index: logged.index,
      leaf: fromBase64(logged.leaf),
      size: head.size,
      root: head.root,
      hashes: logged.hashes.map(fromBase64),
      checkpoint: bundle.checkpoint,
    });
    return encode(derived) === encode(bundle.answer.sigstore) ? null : "it differs from the answer";
  });
  const { digest, environment, model, version } = expected;
  if (Object.keys(expected).length === 0) return;
  checks.add("expected", "what was asked for", () => {
    if (!request) return "the request is not known";
    const { release } = requestPredicate.parse(request.predicate);
    if (digest && request.subject[0]?.digest.sha256 !== digest)
      return `the artefact is ${request.subject[0]?.digest.sha256}`;
    if (environment && release.environment !== environment) return `it is for ${release.environment}`;
    if (model && release.model !== model) return `it is of ${release.model}`;
    return version && release.version !== version ? `it is of version ${release.version}` : null;
  });
}
