import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { hosts } from "@/lib/signing/hosts";
import { signWithPortal } from "@/lib/signing/store";
import { factsOf, releaseBy, requirePolicy, versionBy } from "./load";
import { pinsOf } from "./pins";
import { projectGate } from "./project";
import { mayRefresh, RefreshRelease } from "./release";
import { requestStatement } from "./statements";

/** Pins what stands now. Signatures over the earlier form become stale and show line by line what changed. */
export const refreshRelease = command({
  name: "release.refreshed",
  title: "Bring a release request up to date",
  http: { method: "POST", path: "/releases/{release}/refresh" },
  input: RefreshRelease,
  load: (tx, { release }) => releaseBy(tx, release),
  may: mayRefresh,
  run: async (tx, { subject, actor, now }) => {
    const { row } = subject;
    const policy = requirePolicy(row.environment);
    const version = await versionBy(tx, subject.model, subject.version);
    if (!version.digest)
      throw new Refusal("conflict", "The version's digest is no longer known. Report it again first.");
    const pins = await pinsOf(tx, version, now);
    const pinned = {
      digest: version.digest,
      policyId: policy.id,
      policyDigest: policy.digest,
      assessmentDigest: pins.assessmentDigest,
      decisionDigest: pins.decisionDigest,
      adrDigest: pins.adrDigest,
      patternDigest: pins.patternDigest,
    };
    const changed = (Object.keys(pinned) as (keyof typeof pinned)[]).filter((key) => pinned[key] !== row[key]);
    if (changed.length === 0) return { unchanged: { ref: subject.ref, changed } };
    const statement = requestStatement(
      hosts(),
      { ...factsOf(subject), digest: version.digest, policy },
      { requesterId: actor.id, trainedById: subject.trainedById, note: row.note, requestedAt: now },
      pins.evidence,
      pins.conditions,
    );
    const signed = await signWithPortal(tx, { ...statement, now });
    const [moved] = await tx
      .update(releases)
      .set({ ...pinned, statementSha256: signed.sha256, status: "open" })
      .where(
        and(
          eq(releases.id, subject.id),
          inArray(releases.status, ["open", "allowed"]),
          eq(releases.statementSha256, row.statementSha256),
        ),
      )
      .returning({ id: releases.id });
    if (!moved) throw new Refusal("conflict", `${subject.ref} changed a moment ago. Reload to see its present state.`);
    await projectGate(tx, subject, now);
    return {
      result: { ref: subject.ref, changed },
      entry: {
        subject: { kind: "release", id: subject.id, ref: subject.ref },
        modelId: subject.modelId,
        summary: `brought ${subject.ref} up to date: ${changed.length} pinned digest${changed.length === 1 ? "" : "s"} changed`,
        body: {
          before: Object.fromEntries(changed.map((key) => [key, row[key]])),
          after: Object.fromEntries(changed.map((key) => [key, pinned[key]])),
          request: signed.sha256.toString("hex"),
        },
      },
      signatures: [signed.leaf],
    };
  },
});
