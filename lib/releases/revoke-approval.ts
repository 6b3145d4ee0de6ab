import "server-only";
import { and, desc, eq, isNull } from "drizzle-orm";
import { approvals, releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { releaseBy } from "./load";
import { projectGate } from "./project";
import { mayRevokeApproval, RevokeApproval } from "./release";

/** Takes back one's own signature. It stays on record and no longer counts; a release that was allowed waits again. */
export const revokeApproval = command({
  name: "approval.revoked",
  title: "Take back your signature",
  http: { method: "POST", path: "/releases/{release}/approvals/revoke" },
  input: RevokeApproval,
  load: async (tx, { release: ref }, actor) => {
    const release = await releaseBy(tx, ref);
    const [own] = await tx
      .select()
      .from(approvals)
      .where(and(eq(approvals.releaseId, release.id), eq(approvals.personId, actor.id), isNull(approvals.supersededAt)))
      .orderBy(desc(approvals.signedAt))
      .limit(1);
    if (!own) throw new Refusal("not_found", `You have not signed ${release.ref}.`);
    return { ...own, release };
  },
  may: mayRevokeApproval,
  run: async (tx, { input, subject: { release, ...own }, now }) => {
    if (release.status !== "open" && release.status !== "allowed")
      throw new Refusal("conflict", `${release.ref} is ${release.status}; its signatures are history.`);
    const [revoked] = await tx
      .update(approvals)
      .set({ revokedAt: now, revokeReason: input.reason })
      .where(and(eq(approvals.id, own.id), isNull(approvals.revokedAt), isNull(approvals.supersededAt)))
      .returning({ id: approvals.id });
    if (!revoked) throw new Refusal("conflict", "This signature was taken back a moment ago.");
    await tx
      .update(releases)
      .set({ status: "open" })
      .where(and(eq(releases.id, release.id), eq(releases.status, "allowed")));
    await projectGate(tx, release, now);
    return {
      result: { release: release.ref, approvalId: own.id },
      entry: {
        subject: { kind: "release", id: release.id, ref: release.ref },
        modelId: release.modelId,
        summary: `took back the signature on ${release.ref}`,
        body: { approvalId: own.id, role: own.role, reason: input.reason },
      },
    };
  },
});
