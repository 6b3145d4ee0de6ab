import "server-only";
import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { releases } from "@/db/schema/releases";
import { prepared, send } from "@/db/transact";
import type { Actor } from "@/lib/core/actor";
import { command, type Job } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { hosts } from "@/lib/signing/hosts";
import { sigstoreBundle } from "@/lib/signing/sigstore";
import { keepSigned, signStatement } from "@/lib/signing/store";
import { isFinal } from "./final-reasons";
import { evaluateGate, type GateAnswer } from "./gate";
import { showGate } from "./project";
import { GateQuestion, mayAskGate } from "./release";
import { type Asked, allowStatement, breakGlassUri, denialStatement, requestUri } from "./statements";

/** How long an answer may be acted on. */
const validMs = 15 * 60_000;

/** Asks the gate: evaluates, signs the answer, keeps it and logs it. An allow for production has the registry promoted once. */
export const checkGate = command({
  name: "gate.checked",
  title: "Ask the release gate",
  http: { method: "POST", path: "/gate/check", limited: true },
  input: GateQuestion,
  load: async () => null,
  may: mayAskGate,
  run: async (tx, { input, actor, now }) => {
    const asked: Asked = { ...input };
    const answer = await evaluateGate(tx, input, now);
    const { policy, release, decision, brokenBy } = answer;
    // An answer by break-glass ends with it.
    const expiresAt = new Date(
      Math.min(now.getTime() + validMs, brokenBy?.until.getTime() ?? Number.POSITIVE_INFINITY),
    );
    const statement =
      decision === "allow" && policy
        ? allowStatement(hosts(), asked, policy, attestationsOf(answer), now, expiresAt, brokenBy)
        : denialStatement(hosts(), asked, policy, answer.reasons, now, expiresAt);
    const signed = signStatement({ ...statement, now });
    const id = newId();
    const codes = answer.reasons.map((r) => r.code);
    const jobs = decision === "allow" ? await promotion(tx, answer) : [];
    return {
      result: {
        id,
        decision,
        final: isFinal(answer.reasons),
        reasons: answer.reasons,
        warnings: answer.warnings,
        upcoming: answer.upcoming,
        breakGlass: brokenBy && {
          ref: brokenBy.ref,
          until: brokenBy.until.toISOString(),
          passed: brokenBy.passed,
        },
        release: release?.ref ?? null,
        policy: policy && { id: policy.id, version: policy.version, digest: policy.digest },
        nonce: input.nonce ?? null,
        answeredAt: now.toISOString(),
        expiresAt: expiresAt.toISOString(),
        dsse: signed.envelope,
        bundle: sigstoreBundle(signed.envelope, null),
        bundleUrl: `${hosts().portal}/api/v1/gate/answers/${id}/bundle`,
      },
      entry: {
        subject: release
          ? { kind: "release", id: release.id, ref: release.ref }
          : { kind: "gate_check", id, ref: input.model },
        modelId: answer.modelId,
        summary: `asked the gate about ${input.model} ${input.version} in ${input.environment}: ${decision}${brokenBy ? ` by break-glass ${brokenBy.ref}` : ""}${codes.length > 0 ? ` (${codes.length} reason${codes.length === 1 ? "" : "s"})` : ""}`,
        body: {
          check: id,
          ...input,
          decision,
          codes,
          ...(brokenBy ? { breakGlass: brokenBy.ref, passed: brokenBy.passed.map((r) => r.code) } : {}),
          statement: signed.sha256.toString("hex"),
          policy: policy?.digest ?? null,
        },
      },
      signatures: [signed.leaf],
      jobs,
      writes: [
        keepSigned(tx, signed),
        keepCheck(tx, id, input, answer, signed.sha256, { actor, now, expiresAt }),
        ...(answer.modelId && release ? [showGate(tx, answer.modelId, input.environment, answer)] : []),
      ],
    };
  },
});

const checkKept = prepared(
  "gate_check_kept",
  `insert into gate_check (id, model_name, model_id, release_id, version, digest, environment, decision, reasons, nonce,
      statement_sha256, asked_by, asked_at, expires_at, break_glass_id)
    values ($1::uuid, $2, $3::uuid, $4::uuid, $5, $6, $7, $8, $9::jsonb, $10, $11::bytea, $12, $13::timestamptz, $14::timestamptz, $15::uuid)`,
);

/** Keeps the question and what was answered. */
async function keepCheck(
  tx: Tx,
  id: string,
  asked: Asked,
  answer: GateAnswer,
  sha256: Buffer,
  { actor, now, expiresAt }: { actor: Actor; now: Date; expiresAt: Date },
): Promise<void> {
  await send(tx, checkKept, [
    ...[id, asked.model, answer.modelId, answer.release?.id ?? null, asked.version, asked.digest, asked.environment],
    ...[answer.decision, JSON.stringify(answer.reasons), asked.nonce ?? null, sha256, actor.name],
    ...[now.toISOString(), expiresAt.toISOString(), answer.brokenBy?.id ?? null],
  ]);
}

/** All that counted: the request, every valid signature, and where only break-glass opened the gate, its two statements. */
function attestationsOf({ release, approvals, brokenBy }: GateAnswer): { uri: string; sha256: string }[] {
  if (!release) return [];
  const uri = requestUri(hosts(), release.ref);
  return [
    { uri, sha256: release.requestSha256 },
    ...approvals
      .filter((a) => a.state === "valid")
      .map((a) => ({ uri: `${uri}/approvals/${a.id}`, sha256: a.statementSha256 })),
    ...(brokenBy?.statements ?? []).map((sha256) => ({
      uri: breakGlassUri(hosts(), brokenBy?.ref ?? ""),
      sha256,
    })),
  ];
}

/** The first allow of an open release opens it; for production the registry is then promoted, once. */
async function promotion(tx: Tx, { release, policy }: GateAnswer): Promise<Job[]> {
  if (release?.status !== "open") return [];
  const [opened] = await tx
    .update(releases)
    .set({ status: "allowed" })
    .where(and(eq(releases.id, release.id), eq(releases.status, "open")))
    .returning({ id: releases.id });
  return opened && policy?.setAlias
    ? [{ name: "registry.promote", payload: { releaseId: release.id }, uniqueKey: `registry.promote:${release.id}` }]
    : [];
}
