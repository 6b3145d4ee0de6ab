import { eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { evidenceFiles } from "@/db/schema/facts";
import { logEntries } from "@/db/schema/log";
import { models, modelVersions } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";
import type { FactValue } from "@/lib/facts/fact";
import { recordFacts } from "@/lib/facts/record";
import { assess } from "@/lib/readiness/assess";

const unit = newId();
export const monday = new Date("2026-11-16T09:00:00Z");
export const file = "a".repeat(64);

export const person = (
  name: string,
  roles: readonly Role[],
  units: readonly string[] | null = [unit],
): Actor & { id: string } => ({
  kind: "person",
  id: newId(),
  name,
  grants: roles.map((role) => ({ role, units })),
  scopes: null,
});
export const mara = person("Mara Lindqvist", ["contributor"]);
export const tomas = person("Tomas Havel", ["contributor"]);
export const ingrid = person("Ingrid Solberg", ["board_chair"], null);
export const rafael = person("Rafael Ortiz", ["model_risk"], null);
export const marianne = person("Marianne Voss", ["executive"], null);
export const outsider = person("Wanda Klein", ["contributor"], [newId()]);
export const service: Actor = {
  kind: "service",
  id: newId(),
  name: "CI",
  grants: [{ role: "service", units: null }],
  scopes: null,
};

/** So many days after monday. */
export const days = (n: number): Date => new Date(monday.getTime() + n * 86_400_000);

export const slo = { "slo.count": 2, "slo.reporting": true, "slo.error_budget_policy": true };
export const evidence = {
  statement: "Rolled back to version 6 in staging and back again.",
  evidenceSha256: file,
  outcome: "pass" as const,
};

/** The people above in one business unit, and a model of it, made afresh by `fresh()`. */
export async function testReadiness(db: Db) {
  await db.insert(businessUnits).values({ id: unit, slug: "cards", name: "Cards" });
  await db.insert(people).values(
    [mara, tomas, ingrid, rafael, marianne, outsider].map((p) => ({
      id: p.id,
      name: p.name,
      email: `${p.id}@halden.test`,
      createdAt: monday,
    })),
  );
  await db.insert(evidenceFiles).values({
    sha256: file,
    name: "drill.pdf",
    mediaType: "application/pdf",
    size: 10,
    uploadedBy: mara.id,
    uploadedAt: monday,
  });

  let model = { id: "", name: "" };
  let version = "";
  /** Another model of tier 2 with one version; the functions below are about it. */
  const fresh = async () => {
    model = { id: newId(), name: `card-fraud-${newId().slice(-8)}` };
    version = newId();
    await db.insert(models).values({
      ...model,
      platform: "mlflow",
      stage: "development",
      kind: "classical",
      servingType: "online",
      businessUnitId: unit,
      ownerId: mara.id,
      backupOwnerId: tomas.id,
      team: "Fraud",
      tier: 2,
      claimedAt: monday,
      createdAt: monday,
      updatedAt: monday,
    });
    await db
      .insert(modelVersions)
      .values({ id: version, modelId: model.id, version: "7", digest: "d".repeat(64), registeredAt: monday });
  };
  const trainedBy = (who: string) =>
    db.update(modelVersions).set({ trainedBy: who }).where(eq(modelVersions.id, version));
  const as = (actor: Actor, now = monday): Ctx => ({ db, actor, now: () => now, requestId: newId() });
  const observe = (facts: Record<string, FactValue>, at = monday) =>
    db.transaction((tx) =>
      recordFacts(
        tx,
        Object.entries(facts).map(([key, value]) => ({
          subjectKind: "model" as const,
          subjectId: model.id,
          key,
          value,
          effectiveAt: at,
          collectedAt: at,
          source: { kind: "connection" as const, id: "prom", name: "Prometheus EU" },
        })),
        at,
      ),
    );
  const item = async (id: string, now = monday) =>
    (await assess(db, model.id, null, now)).items.find((i) => i.id === id);
  const logged = async () =>
    (await db.select().from(logEntries).where(eq(logEntries.modelId, model.id)).orderBy(logEntries.id)).map(
      (e) => e.name,
    );
  return {
    fresh,
    trainedBy,
    as,
    observe,
    item,
    logged,
    get model() {
      return model;
    },
    get version() {
      return version;
    },
  };
}
export type Readiness = Awaited<ReturnType<typeof testReadiness>>;
