import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrs } from "@/db/schema/decisions";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { answerBreaks } from "@/lib/decision-checks/evaluate";
import { jobsForChecks } from "@/lib/decision-checks/put";
import {
  AcceptAdr,
  type AdrSubject,
  DeprecateAdr,
  mayAccept,
  mayDeprecate,
  mayReaffirm,
  mayReject,
  maySupersede,
  ReaffirmAdr,
  RejectAdr,
  SupersedeAdr,
} from "./decision";
import { lockedAdr } from "./load";
import type { AdrStatus } from "./madr";

type Loaded = AdrSubject & { modelId: string | null };

const subjectOf = (adr: Loaded) => ({ subject: { kind: "adr", id: adr.id, ref: adr.ref }, modelId: adr.modelId });

/** Judging binds to the bytes that were read. */
function insistRead(adr: Loaded, digest: string): void {
  if (digest !== adr.digest)
    throw new Refusal(
      "conflict",
      `${adr.ref} was revised since you read it (now revision ${adr.currentRevision}). Read it again, then decide.`,
      [{ field: "digest", message: `The current revision has the digest ${adr.digest}.` }],
    );
}

async function move(
  tx: Tx,
  adr: Loaded,
  to: AdrStatus,
  set: Partial<typeof adrs.$inferInsert>,
  now: Date,
): Promise<void> {
  const [moved] = await tx
    .update(adrs)
    .set({ status: to, updatedAt: now, ...set })
    .where(and(eq(adrs.id, adr.id), eq(adrs.status, adr.status), eq(adrs.currentRevision, adr.currentRevision)))
    .returning({ id: adrs.id });
  if (!moved) throw new Refusal("conflict", `${adr.ref} was changed by someone else a moment ago. Reload it.`);
}

/** Marks the current revision as accepted; also part of a board's approval. */
export async function lockAccepted(tx: Tx, adr: Loaded, now: Date, reviewBy: string | null = null): Promise<void> {
  await move(tx, adr, "accepted", { acceptedDigest: adr.digest, decidedAt: now, reviewBy }, now);
}

export const acceptAdr = command({
  name: "adr.accepted",
  title: "Accept a decision; its text is locked from then on",
  http: { method: "POST", path: "/decisions/{ref}/accept" },
  input: AcceptAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: mayAccept,
  async run(tx, { input, subject, now }) {
    insistRead(subject, input.digest);
    await lockAccepted(tx, subject, now, input.reviewBy ?? null);
    return {
      result: { ref: subject.ref, status: "accepted" as const, digest: subject.digest },
      entry: {
        ...subjectOf(subject),
        summary: `accepted ${subject.ref} (revision ${subject.currentRevision})`,
        body: { revision: subject.currentRevision, digest: subject.digest, reviewBy: input.reviewBy ?? null },
      },
      jobs: jobsForChecks(subject.content.toString("utf8")),
    };
  },
});

export const rejectAdr = command({
  name: "adr.rejected",
  title: "Reject a proposed decision",
  http: { method: "POST", path: "/decisions/{ref}/reject" },
  input: RejectAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: mayReject,
  async run(tx, { input, subject, now }) {
    insistRead(subject, input.digest);
    await move(tx, subject, "rejected", { decidedAt: now }, now);
    return {
      result: { ref: subject.ref, status: "rejected" as const },
      entry: {
        ...subjectOf(subject),
        summary: `rejected ${subject.ref}`,
        body: { revision: subject.currentRevision, digest: subject.digest, reason: input.reason },
      },
    };
  },
});

/** Looked at again and still right: the reminder comes back at the next day, and checks that broke ask no more. The accepted text stays as it is. */
export const reaffirmAdr = command({
  name: "adr.reaffirmed",
  title: "Say that an accepted decision still holds, and when to look again",
  http: { method: "POST", path: "/decisions/{ref}/reaffirm" },
  input: ReaffirmAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: mayReaffirm,
  async run(tx, { input, subject, now }) {
    insistRead(subject, input.digest);
    if (input.reviewBy <= dayOf(now))
      throw new Refusal("invalid", "reviewBy: choose a day that is still to come.", [
        { field: "reviewBy", message: "Choose a day that is still to come." },
      ]);
    await move(tx, subject, "accepted", { reviewBy: input.reviewBy }, now);
    await answerBreaks(tx, subject.id, now);
    return {
      result: { ref: subject.ref, reviewBy: input.reviewBy },
      entry: {
        ...subjectOf(subject),
        summary: `looked at ${subject.ref} again: it still holds`,
        body: { digest: subject.digest, reviewBy: input.reviewBy, note: input.note },
      },
    };
  },
});

export const deprecateAdr = command({
  name: "adr.deprecated",
  title: "Deprecate an accepted decision",
  http: { method: "POST", path: "/decisions/{ref}/deprecate" },
  input: DeprecateAdr,
  load: (tx, { ref }) => lockedAdr(tx, ref),
  may: mayDeprecate,
  async run(tx, { input, subject, now }) {
    await move(tx, subject, "deprecated", {}, now);
    return {
      result: { ref: subject.ref, status: "deprecated" as const },
      entry: { ...subjectOf(subject), summary: `deprecated ${subject.ref}`, body: { reason: input.reason } },
    };
  },
});

/** One successor each, no cycles: following successors always ends at a record that stands. */
export const supersedeAdr = command({
  name: "adr.superseded",
  title: "Supersede a decision by another",
  http: { method: "POST", path: "/decisions/{ref}/supersede" },
  input: SupersedeAdr,
  async load(tx, { ref }) {
    // One at a time, or two crossing calls could each see no circle and make one together.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('adr.superseded'))`);
    return lockedAdr(tx, ref);
  },
  may: maySupersede,
  async run(tx, { input, subject, now }) {
    const by = await lockedAdr(tx, input.by);
    if (by.id === subject.id)
      throw new Refusal("invalid", "A decision cannot supersede itself.", [
        { field: "by", message: "Choose another record." },
      ]);
    if (await leadsBack(tx, by.id, subject.id))
      throw new Refusal(
        "conflict",
        `${by.ref} is itself superseded by ${subject.ref}, directly or through others. That would go in a circle.`,
      );
    if (by.status !== "accepted")
      throw new Refusal(
        "conflict",
        `${by.ref} is ${by.status}${by.status === "proposed" ? ". Have it accepted first" : ""}; only an accepted decision can supersede another.`,
      );
    await move(tx, subject, "superseded", { supersededById: by.id }, now);
    return {
      result: { ref: subject.ref, status: "superseded" as const, by: by.ref },
      entry: {
        ...subjectOf(subject),
        summary: `superseded ${subject.ref} by ${by.ref}`,
        body: { by: by.ref, byDigest: by.digest, from: subject.status },
      },
    };
  },
});

/** Whether following successors from one record reaches another. */
async function leadsBack(tx: Tx, from: string, to: string): Promise<boolean> {
  const { rows } = await tx.execute<{ found: boolean }>(sql`
    with recursive chain (id) as (
      select ${from}::uuid union select a.superseded_by_id from adr a join chain c on a.id = c.id where a.superseded_by_id is not null
    ) select exists (select 1 from chain where id = ${to}::uuid) as found`);
  return rows[0]?.found === true;
}
