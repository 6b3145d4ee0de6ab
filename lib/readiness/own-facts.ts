import "server-only";
import { and, count, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { adrs } from "@/db/schema/decisions";
import { lineageEdges } from "@/db/schema/facts";
import { type models, type modelVersions, riskAssessments } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { approvals, releases } from "@/db/schema/releases";
import type { Fact, FactValue } from "@/lib/facts/fact";
import { currentAdoption } from "@/lib/patterns/queries";
import { tierValidMonths } from "@/lib/risk/tier";

type Model = typeof models.$inferSelect;
type Version = typeof modelVersions.$inferSelect;

/**
 * What the portal knows of itself, in the shape of facts, so that one engine decides every item. Computed, never stored;
 * the id is the key, because the value is the whole observation.
 */
export async function ownFacts(read: Reader, model: Model, version: Version | null, now: Date): Promise<Fact[]> {
  const out: Fact[] = [];
  const add = (key: string, value: FactValue, effectiveAt: Date, about: Version | null = null): void => {
    out.push({
      id: key,
      subjectKind: about ? "model_version" : "model",
      subjectId: about?.id ?? model.id,
      key,
      value,
      effectiveAt,
      collectedAt: now,
      recordedAt: now,
      source: { kind: "system", id: "system", name: "Countersign", runRef: null },
    });
  };

  const ids = [model.ownerId, model.backupOwnerId].filter((id) => id !== null);
  const named = ids.length > 0 ? await read.select().from(people).where(inArray(people.id, ids)) : [];
  const owner = named.find((p) => p.id === model.ownerId);
  const backup = named.find((p) => p.id === model.backupOwnerId);
  const claimed = model.claimedAt ?? model.createdAt;
  add("inventory.owner", owner?.name ?? "", claimed);
  add("inventory.owner_active", owner?.active ?? false, claimed);
  add("inventory.backup_active", backup?.active ?? false, claimed);
  add("inventory.team", model.team, claimed);

  const [risk] = await read
    .select()
    .from(riskAssessments)
    .where(eq(riskAssessments.modelId, model.id))
    .orderBy(sql`answered_at desc, id desc`)
    .limit(1);
  if (risk) {
    const tier = risk.tier === 1 || risk.tier === 2 || risk.tier === 3 || risk.tier === 4 ? risk.tier : 1;
    const until = new Date(risk.answeredAt);
    until.setUTCMonth(until.getUTCMonth() + tierValidMonths[tier]);
    add("risk.assessed_at", risk.answeredAt.toISOString(), risk.answeredAt);
    add("risk.valid_until", until.toISOString(), risk.answeredAt);
    add("risk.provisional", risk.provisional, risk.answeredAt);
    add("risk.blocked", risk.blocked, risk.answeredAt);
  }

  const adoption = await currentAdoption(read, model.id);
  add(
    "pattern.adopted",
    adoption ? `${adoption.patternId} version ${adoption.version}` : "",
    adoption?.adoptedAt ?? model.createdAt,
  );
  add("pattern.deviates", adoption !== null && adoption.deviations !== "", adoption?.adoptedAt ?? model.createdAt);
  const [accepted] = await read
    .select({ n: count(), last: sql<Date | null>`max(decided_at)`.mapWith((v) => (v ? new Date(v) : null)) })
    .from(adrs)
    .where(and(eq(adrs.modelId, model.id), eq(adrs.status, "accepted")));
  add("decision.accepted_adrs", accepted?.n ?? 0, accepted?.last ?? model.createdAt);

  const [self] = await read
    .select({ n: count() })
    .from(approvals)
    .innerJoin(releases, eq(releases.id, approvals.releaseId))
    .where(
      and(eq(releases.modelId, model.id), isNull(approvals.revokedAt), eq(approvals.personId, releases.requestedBy)),
    );
  add("approval.self_approvals", self?.n ?? 0, model.createdAt);

  if (version) {
    const [edges] = await read
      .select({ n: sql<number>`count(distinct from_id)::int` })
      .from(lineageEdges)
      .where(and(eq(lineageEdges.modelId, model.id), eq(lineageEdges.fromKind, "dataset")));
    // No edge means that nobody told us what was read, not that nothing was.
    if (edges && edges.n > 0) add("lineage.datasets", edges.n, version.registeredAt, version);
    if (version.digest) add("artifact.digest", version.digest, version.registeredAt, version);
    if (version.commit) add("run.commit", version.commit, version.registeredAt, version);
    if (version.runId) add("run.id", version.runId, version.registeredAt, version);
  }
  return out;
}
