import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { approvals } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal } from "@/lib/core/refusal";
import { type Role, roleName } from "@/lib/core/rights";
import { sayDay } from "@/lib/core/say-day";
import { keyToSignWith, openSignature } from "@/lib/credentials/signature";
import { hosts } from "@/lib/signing/hosts";
import { factsOf, type LoadedRelease, logContext, releaseBy, requirePolicy, requireTierRule } from "./load";
import { rolesAskedFor } from "./policy";
import { mayApprove, PrepareApproval, signingRoles } from "./release";
import { pinnedBy } from "./request-facts";
import { approvalStatement } from "./statements";
import { inSentence } from "./words";

/** What the open signing request remembers beside the statement and the key. */
export type ApprovalContext = {
  approvalId: string;
  decision: "APPROVE" | "REJECT";
  role: Role;
  reason: string;
  expiresAt: string;
};

/** Which roles the policy, as it stands now, asks for at the model's tier. */
export function askedRoles(release: LoadedRelease): Role[] {
  return rolesAskedFor(requireTierRule(requirePolicy(release.environment), release.tier));
}

/** Words the statement for one approver and opens the signing page for it. */
export const prepareApproval = command({
  name: "approval.prepared",
  title: "Prepare a signature",
  http: { method: "POST", path: "/releases/{release}/approvals/prepare", status: 201 },
  input: PrepareApproval,
  load: (tx, { release }) => releaseBy(tx, release),
  may: (actor, release) => {
    const verdict = mayApprove(actor, release, askedRoles(release));
    if (!verdict.ok) return verdict;
    if (release.versionDigest !== release.row.digest)
      return no(
        "conflict",
        "The version's artefact changed after this request. Its requester must bring it up to date first.",
      );
    return verdict;
  },
  run: async (tx, { input, subject, actor, now }) => {
    const able = signingRoles(actor, subject, askedRoles(subject));
    const role = input.role ?? able[0];
    if (!role || !able.includes(role))
      throw new Refusal(
        "forbidden",
        `You may sign here as ${able.map((r) => inSentence(roleName[r])).join(" or ")}, not as ${role ? inSentence(roleName[role]) : "anyone else"}.`,
      );
    await refuseSecond(tx, subject, actor.id, input.decision, now);
    const key = await keyToSignWith(tx, actor, input.credential);
    const pinned = await pinnedBy(tx, subject.row.statementSha256);
    const rule = requireTierRule(requirePolicy(subject.environment), subject.tier);
    const expiresAt = new Date(now.getTime() + rule.validityDays * 86_400_000);
    const approvalId = newId();
    const statement = approvalStatement(
      hosts(),
      factsOf(subject),
      {
        approvalId,
        decision: input.decision,
        reason: input.reason,
        approver: { id: actor.id, name: actor.name, role, roleName: roleName[role], kid: key.kid },
        requestSha256: subject.row.statementSha256.toString("hex"),
        issuedAt: now,
        expiresAt,
        logContext: await logContext(tx),
      },
      pinned.evidence,
      pinned.conditions,
    );
    const context: ApprovalContext = {
      approvalId,
      decision: input.decision,
      role,
      reason: input.reason,
      expiresAt: expiresAt.toISOString(),
    };
    const { opened, requestId } = await openSignature(tx, {
      purpose: "approve",
      payload: statement.payload,
      key,
      context,
      releaseId: subject.id,
      now,
    });
    return {
      result: { approvalId, role, ...opened },
      entry: {
        subject: { kind: "release", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `opened the signing page to ${input.decision === "APPROVE" ? "approve" : "reject"} ${subject.ref} as ${inSentence(roleName[role])}`,
        body: { approvalId, role, decision: input.decision, request: requestId, paeSha256: opened.paeSha256 },
      },
    };
  },
});

/** A current signature of the same decision over the same request needs no second one. */
export async function refuseSecond(
  tx: Tx,
  release: LoadedRelease,
  personId: string,
  decision: "APPROVE" | "REJECT",
  now: Date,
): Promise<{ id: string } | null> {
  const [own] = await tx
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.releaseId, release.id),
        eq(approvals.personId, personId),
        isNull(approvals.revokedAt),
        isNull(approvals.supersededAt),
      ),
    );
  if (!own) return null;
  const current = own.requestSha256.equals(release.row.statementSha256) && own.expiresAt > now;
  if (current && own.decision === decision)
    throw new Refusal(
      "conflict",
      `You signed this on ${sayDay(own.signedAt)} already; the signature stands. One person signs once per release.`,
    );
  return { id: own.id };
}
