/**
 * A statement in words, line by line, so that people read what they sign and what changed. Runs in the browser: the signing page
 * shows exactly these lines. Every value of the statement appears; what has no words of its own keeps its path as label.
 */
export type Line = { label: string; value: string; mono: boolean };

const labels: readonly [RegExp, string, boolean?][] = [
  [/^predicate\.decision$/, "Decision"],
  [/^predicate\.reason$/, "Reason"],
  [/^predicate\.review$/, "Review"],
  [/^predicate\.outcome$/, "Outcome"],
  [/^predicate\.rationale$/, "Reasons"],
  [/^predicate\.decider\.choice$/, "Vote"],
  [/^predicate\.decider\.seat$/, "Seat"],
  [/^predicate\.decider\.standsFor$/, "Stands in for"],
  [/^predicate\.decider\.recorded$/, "Recorded it"],
  [/^predicate\.item\.title$/, "Item"],
  [/^predicate\.statement$/, "What was found"],
  [/^predicate\.evidenceUrl$/, "Evidence"],
  [/^predicate\.(release\.)?model$/, "Model"],
  [/^predicate\.release\.version$/, "Version"],
  [/^predicate\.release\.environment$/, "Environment"],
  [/^subject\.0\.digest\.sha256$/, "Digest", true],
  [/^predicate\.(approver|attester|decider|confirmer)\.name$/, "Signer"],
  [/^predicate\.(approver|confirmer)\.roleName$/, "Signs as"],
  [/^predicate\.person\.name$/, "Person"],
  [/^predicate\.label$/, "Key name"],
  [/^predicate\.kind$/, "Kind of key"],
  [/^predicate\.ref$/, "Request"],
  [/^predicate\.request\.uri$/, "Request"],
  [/^predicate\.evidence\.\d+$/, "Evidence"],
  [/^predicate\.conditions\.\d+$/, "Condition"],
  [/^predicate\.note$/, "Note"],
  [/^predicate\.gate\.policy\.uri$/, "Policy"],
  [/^predicate\.effectiveOn$/, "True on"],
  [/^predicate\.decidedAt$/, "Decided"],
  [/^predicate\.validUntil$/, "Valid until"],
  [/^predicate\.round$/, "Round"],
  [/^predicate\.expiresAt$/, "Ends"],
  [/^predicate\.issuedAt$/, "Worded"],
  [/^predicate\.requestedAt$/, "Requested"],
  [/^predicate\.enrolledAt$/, "Enrolled"],
  [/^predicate\.((approver|attester|decider|confirmer)\.)?credential$/, "Key", true],
  [/^predicate\.rpId$/, "Signing site"],
  [/^predicate\.requester\.id$/, "Requester", true],
  [/^predicate\.requester\.name$/, "Asked for by"],
  [/^predicate\.breakGlass\.ref$/, "Break-glass"],
  [/^predicate\.breakGlass\.justification$/, "Justification"],
  [/^predicate\.breakGlass\.digest\.sha256$/, "Break-glass request", true],
  [/^predicate\.passes\.\d+$/, "Passes"],
  [/^predicate\.trainer\.id$/, "Trainer", true],
  [/^predicate\.(approver|attester|decider|confirmer)\.id$/, "Signer id", true],
  [/^predicate\.person\.id$/, "Person id", true],
  [/^predicate\.(approver|confirmer)\.role$/, "Role"],
  [/^predicate\.request\.digest\.sha256$/, "Request digest", true],
  [/^predicate\.gate\.policy\.digest\.sha256$/, "Policy digest", true],
  [/^predicate\.gate\.id$/, "Gate"],
  [/^predicate\.item\.id$/, "Item id"],
  [/^predicate\.attestationId$/, "Attestation id", true],
  [/^predicate\.decisionId$/, "Decision id", true],
  [/^predicate\.approvalId$/, "Approval id", true],
  [/^predicate\.requestId$/, "Request id", true],
  [/^predicate\.credentialId$/, "Key id", true],
  [/^predicate\.logContext\.origin$/, "Log"],
  [/^predicate\.logContext\.size$/, "Log size"],
  [/^predicate\.logContext\.root$/, "Log root", true],
  [/^predicate\.spki$/, "Public key", true],
  [/^predicate\.aaguid$/, "Authenticator", true],
  [/^predicate\.backupEligible$/, "Synced"],
  [/^subject\.0\.name$/, "Subject"],
  [/^predicate\.nonce$/, "Nonce", true],
  [/^predicateType$/, "Form"],
  [/^_type$/, "Statement"],
];

const evidenceNames: Readonly<Record<string, string>> = {
  readiness: "Readiness",
  "board-decision": "Board decision",
  "decision-record": "Decision record",
  "reference-architecture": "Architecture",
};

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The lines of a parsed statement, in the order in which they are read. */
export function linesOf(statement: unknown): Line[] {
  const leaves: { path: string; value: string; label?: string; mono?: boolean }[] = [];
  walk(statement as Json, "", leaves);
  const order = (path: string) => {
    const at = labels.findIndex(([pattern]) => pattern.test(path));
    return at < 0 ? labels.length : at;
  };
  return leaves
    .map((leaf, i) => ({ ...leaf, i, at: order(leaf.path) }))
    .sort((a, b) => a.at - b.at || a.i - b.i)
    .map(({ path, value, label, at }) => ({
      label: label ?? labels[at]?.[1] ?? path,
      value,
      mono: labels[at]?.[2] ?? at === labels.length,
    }));
}

function walk(value: Json, path: string, out: { path: string; value: string; label?: string }[]): void {
  if (Array.isArray(value)) {
    if (value.length === 0)
      out.push({ path: path === "predicate.conditions" ? "predicate.conditions.0" : path, value: "none" });
    for (const [i, inner] of value.entries()) walk(inner, `${path}.${i}`, out);
    return;
  }
  if (typeof value === "object" && value !== null) {
    const record = value as { readonly [key: string]: Json };
    if (/^predicate\.evidence\.\d+$/.test(path) && isEvidence(record)) {
      out.push({
        path,
        label: evidenceNames[record.name] ?? record.name,
        value: `${record.summary} (sha256 ${record.digest.sha256})`,
      });
      return;
    }
    if (/^predicate\.conditions\.\d+$/.test(path) && isCondition(record)) {
      out.push({ path, value: `${record.text} Due ${record.dueOn}, ${record.status}.` });
      return;
    }
    for (const [key, inner] of Object.entries(record)) walk(inner, path ? `${path}.${key}` : key, out);
    return;
  }
  out.push({ path, value: value === "" ? "none" : String(value) });
}

/** Only a record with exactly these fields is told in one line; anything more is shown field by field. */
function isEvidence(r: object): r is { name: string; summary: string; digest: { sha256: string } } {
  return (
    exactly(r, ["digest", "name", "summary"]) &&
    "digest" in r &&
    typeof r.digest === "object" &&
    r.digest !== null &&
    exactly(r.digest, ["sha256"])
  );
}

const isCondition = (r: object): r is { text: string; dueOn: string; status: string } =>
  exactly(r, ["dueOn", "status", "text"]);

const exactly = (r: object, keys: readonly string[]) => Object.keys(r).sort().join() === keys.join();

export type LineChange = { label: string; before: string; after: string; why: string };

const reasons: Readonly<Record<string, string>> = {
  Digest: "Different bytes, so the signature no longer covers them",
  Policy: "The rules changed",
  "Policy digest": "The rules changed",
  Readiness: "What is known about the model changed",
  "Board decision": "The board decided again",
  "Decision record": "The reasoning changed",
  Architecture: "The design it follows changed",
  Condition: "A condition was added, changed or closed",
  Version: "Name only",
};
/** Lines that differ whenever a statement is worded anew. */
const always = new Set(["Nonce", "Requested"]);

/** What differs between two statements, label by label. */
export function changesBetween(before: unknown, after: unknown): { changes: LineChange[]; of: number } {
  const old = grouped(linesOf(before));
  const now = grouped(linesOf(after));
  const names = [...new Set([...now.keys(), ...old.keys()])].filter((label) => !always.has(label));
  const changes = names.flatMap((label) => {
    const b = old.get(label) ?? "none";
    const a = now.get(label) ?? "none";
    return a === b ? [] : [{ label, before: b, after: a, why: reasons[label] ?? "" }];
  });
  return { changes, of: names.length };
}

const grouped = (lines: readonly Line[]): Map<string, string> => {
  const out = new Map<string, string>();
  for (const { label, value } of lines) out.set(label, out.has(label) ? `${out.get(label)}; ${value}` : value);
  return out;
};
