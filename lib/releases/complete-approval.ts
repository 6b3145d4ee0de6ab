import "server-only";
import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { approvals, releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { no, Refusal } from "@/lib/core/refusal";
import { roleName, roles } from "@/lib/core/rights";
import { Signed, takeSignature } from "@/lib/credentials/signature";
import { evaluateJob } from "@/lib/decision-checks/put";
import { parseStatement } from "@/lib/signing/dsse";
import { hosts } from "@/lib/signing/hosts";
import { signingRequestBy } from "@/lib/signing/requests";
import { sha256Hex } from "@/lib/signing/sha256";
import { signWithPortal } from "@/lib/signing/store";
import { factsOf, releaseBy } from "./load";
import { askedRoles, refuseSecond } from "./prepare-approval";
import { projectGate } from "./project";
import { decisionsOfApproval, mayApprove, signingRoles } from "./release";
import { receiptStatement } from "./statements";
import { inSentence } from "./words";

const Context = z.strictObject({
  approvalId: z.uuid(),
  decision: z.enum(decisionsOfApproval),
  role: z.enum(roles),
  reason: z.string(),
  credentialId: z.uuid(),
  expiresAt: z.iso.datetime(),
});

/** Records a signature over the prepared statement, after everything about it was checked once more, and the portal's receipt. */
export const completeApproval = command({
  name: "approval.completed",
  title: "Record a signature",
  http: { method: "POST", path: "/approvals", status: 201 },
  input: Signed,
  load: async (tx, { token }) => {
    // Whether the link has expired is checked in `run`, where the clock is.
    const request = await signingRequestBy(tx, token, "approve", new Date(0));
    if (!request.releaseId) throw new Error(`The signing request ${request.id} names no release.`);
    return { request, release: await releaseBy(tx, request.releaseId) };
  },
  may: (actor, { request, release }) => {
    if (actor.id !== request.personId) return no("forbidden", "This link is another person's.");
    const verdict = mayApprove(actor, release, askedRoles(release));
    if (!verdict.ok) return verdict;
    const { role } = Context.parse(JSON.parse(request.context));
    return signingRoles(actor, release, askedRoles(release)).includes(role)
      ? verdict
      : no("forbidden", `You no longer hold the role ${inSentence(roleName[role])} for this business unit.`);
  },
  run: async (tx, { input, subject: { release }, actor, now }) => {
    const request = await signingRequestBy(tx, input.token, "approve", now);
    const context = Context.parse(JSON.parse(request.context));
    const requestSha256 = release.row.statementSha256;
    if (requestNamedBy(request.payload) !== requestSha256.toString("hex"))
      throw new Refusal(
        "conflict",
        `${release.ref} changed after this statement was worded. Read what changed and open a new signing link.`,
      );
    if (release.versionDigest !== release.row.digest)
      throw new Refusal("conflict", "The version's artefact changed. The request must be brought up to date first.");

    const signed = await takeSignature(tx, { input, request, credentialId: context.credentialId, actor, now });
    const { key, proof, statement: sha256 } = signed;
    const own = await refuseSecond(tx, release, actor.id, context.decision, now);
    if (own) await tx.update(approvals).set({ supersededAt: now }).where(eq(approvals.id, own.id));
    await tx.insert(approvals).values({
      id: context.approvalId,
      releaseId: release.id,
      personId: actor.id,
      role: context.role,
      decision: context.decision,
      reason: context.reason,
      digest: release.row.digest,
      requestSha256,
      statementSha256: sha256,
      credentialId: key.id,
      signedAt: now,
      expiresAt: new Date(context.expiresAt),
    });
    // The precondition is in the WHERE: a request that closed or changed meanwhile takes no signature.
    const [still] = await tx
      .update(releases)
      .set(context.decision === "REJECT" ? { status: "rejected", closedAt: now } : { status: release.row.status })
      .where(
        and(
          eq(releases.id, release.id),
          eq(releases.statementSha256, requestSha256),
          inArray(releases.status, ["open", "allowed"]),
        ),
      )
      .returning({ id: releases.id });
    if (!still) throw new Refusal("conflict", `${release.ref} was closed or changed a moment ago.`);

    const receipt = await signWithPortal(tx, {
      ...receiptStatement(hosts(), factsOf(release), {
        approvalId: context.approvalId,
        approvalSha256: sha256.toString("hex"),
        signatures: [{ kind: proof.kind, kid: key.kid, sha256: sha256Hex(proof.sig) }],
        checks: proof.checks,
        enrolment: {
          sha256: key.enrolmentSha256.toString("hex"),
          leafIndex: await enrolmentLeaf(tx, key.enrolmentSha256),
        },
        receivedAt: now,
      }),
      now,
    });
    await projectGate(tx, release, now);
    const verb = context.decision === "APPROVE" ? "approved" : "rejected";
    return {
      result: {
        approvalId: context.approvalId,
        release: release.ref,
        decision: context.decision,
        statement: sha256.toString("hex"),
        receipt: receipt.envelope,
      },
      entry: {
        subject: { kind: "release", id: release.id, ref: release.ref },
        modelId: release.modelId,
        summary: `${verb} ${release.ref} as ${inSentence(roleName[context.role])} with ${signed.with}`,
        body: {
          approvalId: context.approvalId,
          decision: context.decision,
          role: context.role,
          reason: context.reason,
          credential: key.kid,
          keyKind: key.kind,
          statement: sha256.toString("hex"),
          receipt: receipt.sha256.toString("hex"),
          ...(own ? { replaces: own.id } : {}),
        },
      },
      signatures: [signed.leaf, receipt.leaf],
      jobs: [evaluateJob],
    };
  },
});

const Approval = z.looseObject({ request: z.looseObject({ digest: z.object({ sha256: z.string() }) }) });

/** Digest of the request statement that an approval statement names. */
const requestNamedBy = (payload: Buffer): string =>
  Approval.parse(parseStatement(payload).predicate).request.digest.sha256;

/** Where the log has the key's enrolment; null while it waits for its number. */
async function enrolmentLeaf(tx: Tx, enrolment: Buffer): Promise<number | null> {
  const { rows } = await tx.execute<{ idx: string }>(sql`
    select l.idx from signature s join log_leaf l on l.entry_id = s.log_entry_id where s.statement_sha256 = ${enrolment}`);
  return rows[0] ? Number(rows[0].idx) : null;
}
