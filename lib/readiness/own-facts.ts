import { factKey } from "@/lib/facts/catalogue";
import type { Fact, FactValue } from "@/lib/facts/fact";
import { knownBy } from "@/lib/facts/fact-key";
import type { Given } from "./given";

const fromVersion: readonly string[] = ["lineage.datasets", "artifact.digest", "run.commit", "run.id"];

/** Whether `ownFacts` may answer a key, so that recorded facts alone do not tell all. */
export const isOwnFact = (key: string): boolean => factKey(key)?.from === knownBy.portal || fromVersion.includes(key);

/**
 * What the portal knows of itself, in the shape of facts, so that one engine decides every item. Computed, never stored;
 * the id is the key, because the value is the whole observation.
 */
export function ownFacts(given: Given, now: Date): Fact[] {
  const { model, version, owner, backup, risk, adoption, adrs } = given;
  const out: Fact[] = [];
  const add = (key: string, value: FactValue, effectiveAt: Date, about: Given["version"] = null): void => {
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

  const claimed = model.claimedAt ?? model.createdAt;
  add("inventory.owner", owner?.name ?? "", claimed);
  add("inventory.owner_active", owner?.active ?? false, claimed);
  add("inventory.backup_active", backup?.active ?? false, claimed);
  add("inventory.team", model.team, claimed);

  if (risk) {
    const until = new Date(risk.answersAt);
    until.setUTCMonth(until.getUTCMonth() + risk.validMonths);
    add("risk.assessed_at", risk.answersAt.toISOString(), risk.answersAt);
    add("risk.valid_until", until.toISOString(), risk.answersAt);
    add("risk.provisional", risk.provisional, risk.answeredAt);
    add("risk.blocked", risk.blocked, risk.answeredAt);
  }

  add(
    "pattern.adopted",
    adoption ? `${adoption.patternId} version ${adoption.version}` : "",
    adoption?.adoptedAt ?? model.createdAt,
  );
  add("pattern.deviates", adoption !== null && adoption.deviations !== "", adoption?.adoptedAt ?? model.createdAt);
  add("decision.accepted_adrs", adrs.accepted, adrs.last ?? model.createdAt);
  add("approval.self_approvals", given.selfApprovals, model.createdAt);

  if (version) {
    // No edge means that nobody told us what was read, not that nothing was.
    if (given.datasets > 0) add("lineage.datasets", given.datasets, version.registeredAt, version);
    if (version.digest) add("artifact.digest", version.digest, version.registeredAt, version);
    if (version.commit) add("run.commit", version.commit, version.registeredAt, version);
    if (version.runId) add("run.id", version.runId, version.registeredAt, version);
  }
  return out;
}
