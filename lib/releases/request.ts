import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { releases } from "@/db/schema/releases";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { no, Refusal } from "@/lib/core/refusal";
import { hosts } from "@/lib/signing/hosts";
import { signWithPortal } from "@/lib/signing/store";
import { requirePolicy, requireTierRule, versionBy } from "./load";
import { pinsOf } from "./pins";
import { projectGate } from "./project";
import { mayRequest, RequestRelease } from "./release";
import { requestStatement } from "./statements";

/** Asks for a release: pins every digest in a statement that approvers then sign. One open request per version and environment. */
export const requestRelease = command({
  name: "release.requested",
  title: "Request a release",
  http: { method: "POST", path: "/releases", status: 201 },
  input: RequestRelease,
  load: async (tx, input) => {
    const version = await versionBy(tx, input.model, input.version);
    const [open] = await tx
      .select({ ref: releases.ref })
      .from(releases)
      .where(
        and(
          eq(releases.versionId, version.versionId),
          eq(releases.environment, input.environment),
          inArray(releases.status, ["open", "allowed"]),
        ),
      );
    return { ...version, openRef: open?.ref ?? null };
  },
  may: (actor, version) => {
    if (version.openRef) return no("conflict", `${version.openRef} already asks to release this version here.`);
    return mayRequest(actor, version);
  },
  run: async (tx, { input, subject, actor, now }) => {
    const policy = requirePolicy(input.environment);
    if (subject.prohibited)
      throw new Refusal("conflict", `${subject.model} is classified as a prohibited practice and cannot be released.`);
    requireTierRule(policy, subject.tier);
    if (!subject.digest)
      throw new Refusal(
        "conflict",
        `Nobody has measured the artefact of ${subject.model} ${subject.version}. Report its SHA-256 first: a release is for exact bytes.`,
      );
    const pins = await pinsOf(tx, subject, now);
    const id = newId();
    const ref = await nextRef(tx, "rel");
    const facts = {
      id,
      ref,
      model: subject.model,
      version: subject.version,
      environment: input.environment,
      digest: subject.digest,
      policy,
    };
    const statement = requestStatement(
      hosts(),
      facts,
      { requesterId: actor.id, trainedById: subject.trainedById, note: input.note, requestedAt: now },
      pins.evidence,
      pins.conditions,
    );
    const signed = await signWithPortal(tx, { ...statement, now });
    await tx.insert(releases).values({
      id,
      ref,
      modelId: subject.modelId,
      versionId: subject.versionId,
      digest: subject.digest,
      environment: input.environment,
      policyId: policy.id,
      policyDigest: policy.digest,
      assessmentDigest: pins.assessmentDigest,
      decisionDigest: pins.decisionDigest,
      adrDigest: pins.adrDigest,
      patternDigest: pins.patternDigest,
      note: input.note,
      status: "open",
      requestedBy: actor.id,
      requestedAt: now,
      statementSha256: signed.sha256,
    });
    await projectGate(tx, { ...subject, environment: input.environment }, now);
    return {
      result: { id, ref, status: "open" as const, statement: signed.sha256.toString("hex") },
      entry: {
        subject: { kind: "release", id, ref },
        modelId: subject.modelId,
        summary: `requested the release of ${subject.model} ${subject.version} to ${input.environment}`,
        body: {
          ...input,
          digest: subject.digest,
          policy: policy.digest,
          evidence: pins.evidence,
          request: signed.sha256.toString("hex"),
        },
      },
      signatures: [signed.leaf],
    };
  },
});
