import "server-only";
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { attestations, evidenceFiles, waiverAcceptances, waivers } from "@/db/schema/facts";
import { logEntries } from "@/db/schema/log";
import { models } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import type { CheckState } from "@/lib/checks/check";
import { holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { assess, checklistInForce } from "./assess";
import { compensations } from "./judge";
import { isByHand, scoreOf } from "./level";
import { modelSubject } from "./subject";
import { waiverState } from "./waiver";
import { standingOf } from "./waiver-standing";

/** A model's readiness now, item by item, with the words of the checklist, attestations and waivers. Always computed afresh. */
export const modelReadiness = query({
  name: "models.readiness",
  title: "Read a model's readiness",
  http: { method: "GET", path: "/models/{name}/readiness" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  run: async (read, { name }, actor, now) => {
    const model = await modelSubject(read, name, actor);
    const { content: _bytes, judgedBy, ...assessment } = await assess(read, model.id, null, now);
    const words = new Map(checklistInForce().items.map((item) => [item.id, item]));
    const met = new Set(assessment.items.filter((i) => !i.required || isMet(i.state)).map((i) => i.id));
    const asker = alias(people, "asker");
    const decider = alias(people, "decider");
    const said = await read
      .select({
        row: attestations,
        byName: people.name,
        file: evidenceFiles.name,
        scannedBy: evidenceFiles.scannedBy,
        readFrom: evidenceFiles.sourceUrl,
      })
      .from(attestations)
      .innerJoin(people, eq(people.id, attestations.attestedBy))
      .leftJoin(evidenceFiles, eq(evidenceFiles.sha256, attestations.evidenceSha256))
      .where(eq(attestations.modelId, model.id))
      .orderBy(sql`${attestations.supersededAt} desc nulls first`, desc(attestations.recordedAt))
      .limit(500);
    const waived = await read
      .select({ row: waivers, askedBy: asker.name, decidedBy: decider.name })
      .from(waivers)
      .innerJoin(asker, eq(asker.id, waivers.requestedBy))
      .leftJoin(decider, eq(decider.id, sql`coalesce(${waivers.acceptedBy}, ${waivers.refusedBy})`))
      .where(eq(waivers.modelId, model.id))
      .orderBy(desc(waivers.requestedAt))
      .limit(200);
    const given = await read
      .select({ row: waiverAcceptances, name: people.name })
      .from(waiverAcceptances)
      .innerJoin(people, eq(people.id, waiverAcceptances.personId))
      .where(
        inArray(
          waiverAcceptances.waiverId,
          waived.map((w) => w.row.id),
        ),
      );
    const standing = await standingOf(read, model.id);
    return {
      model,
      ...assessment,
      items: assessment.items.map((item) => {
        const {
          why,
          fix,
          evidence,
          how,
          max_age_days,
          waivable,
          check,
          query: asked,
          effort,
          after,
        } = words.get(item.id) ?? missing;
        return {
          ...item,
          found: item.why,
          reason: why,
          fix,
          evidence,
          how,
          maxAgeDays: max_age_days,
          waivable,
          check,
          asked,
          effort,
          /** Items to meet first that are not met yet. */
          first: isMet(item.state) ? [] : after.filter((id) => !met.has(id)),
          byHand: isByHand(how, item),
        };
      }),
      score: scoreOf(assessment.items, words, assessment.tier, assessment.type),
      attestations: said.filter((s) => s.row.supersededAt === null).map(spoken),
      /** What stood before and was replaced or revoked, newest first. */
      earlier: said.filter((s) => s.row.supersededAt !== null).map(spoken),
      waivers: waived.map(({ row, askedBy, decidedBy }) => {
        const acceptances = given.filter((g) => g.row.waiverId === row.id).map((g) => ({ ...g.row, name: g.name }));
        const state = waiverState(row);
        return {
          ...row,
          askedBy,
          decidedBy,
          state,
          acceptances,
          compensations: compensations(row.compensationChecks, judgedBy),
          over: state === "accepted" && row.expiresAt <= now,
          rules: { state, requestedBy: row.requestedBy, needs: row.needs, given: acceptances, model: standing },
        };
      }),
    };
  },
});

const spoken = ({
  row,
  byName,
  file,
  scannedBy,
  readFrom,
}: {
  row: typeof attestations.$inferSelect;
  byName: string;
  file: string | null;
  scannedBy: string | null;
  readFrom: string | null;
}) => ({ ...row, byName, evidenceName: file, scannedBy, readFrom });

const missing = {
  why: "",
  fix: "",
  evidence: "",
  how: "attest" as const,
  max_age_days: 0,
  waivable: false,
  check: null,
  query: "",
  effort: "days" as const,
  after: [],
};

const isMet = (state: CheckState): boolean => state === "pass" || state === "waived" || state === "not_applicable";

const readinessNames = [
  "readiness.assessed",
  "readiness.attested",
  "readiness.attestation.revoked",
  "readiness.attestation.signed",
  "readiness.not_applicable.confirmed",
  "readiness.waiver.requested",
  "readiness.waiver.decided",
  "readiness.waiver.ended",
  "risk.assessed",
  "pattern.adopted",
];

/** What happened to a model's readiness, newest first. */
export const readinessHistory = query({
  name: "models.readiness.history",
  title: "Read what changed a model's readiness",
  http: { method: "GET", path: "/models/{name}/readiness/history" },
  input: z.strictObject({
    name: z.string().trim().min(1).max(250),
    after: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, { name, after, limit }, actor) => {
    const model = await modelSubject(read, name, actor);
    const rows = await read
      .select({
        id: logEntries.id,
        name: logEntries.name,
        at: logEntries.at,
        actorName: logEntries.actorName,
        summary: logEntries.summary,
      })
      .from(logEntries)
      .where(
        and(
          eq(logEntries.modelId, model.id),
          inArray(logEntries.name, readinessNames),
          after ? sql`${logEntries.id} < ${after}` : undefined,
        ),
      )
      .orderBy(desc(logEntries.id))
      .limit(limit + 1);
    return { items: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null };
  },
});

/** Readiness by business unit over models that are live, in review or on the way there; worst unit first. */
export const readinessByUnit = query({
  name: "readiness.units",
  title: "Read readiness by business unit",
  http: { method: "GET", path: "/readiness" },
  input: z.strictObject({ tier: z.coerce.number().int().min(1).max(4).optional() }),
  run: async (read, { tier }, actor) => {
    if (!holds(actor, "inventory:read"))
      throw new Refusal("forbidden", "You need a role to see the inventory. Ask an administrator for one.");
    const rows = await read
      .select({
        unitId: models.businessUnitId,
        unit: businessUnits.name,
        models: sql<number>`count(*)::int`,
        assessed: sql<number>`count(${models.readinessTotal})::int`,
        ready: sql<number>`(count(*) filter (where ${models.readinessFail} = 0 and ${models.readinessUnknown} = 0))::int`,
        pass: sql<number>`coalesce(sum(${models.readinessPass}), 0)::int`,
        fail: sql<number>`coalesce(sum(${models.readinessFail}), 0)::int`,
        unknown: sql<number>`coalesce(sum(${models.readinessUnknown}), 0)::int`,
        waived: sql<number>`coalesce(sum(${models.readinessWaived}), 0)::int`,
        total: sql<number>`coalesce(sum(${models.readinessTotal}), 0)::int`,
      })
      .from(models)
      .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId))
      .where(
        and(
          inReach(actor, "inventory:read", models.businessUnitId),
          sql`${models.stage} not in ('retired', 'idea')`,
          tier === undefined ? undefined : eq(models.tier, tier),
        ),
      )
      .groupBy(models.businessUnitId, businessUnits.name)
      .limit(500);
    const share = (r: (typeof rows)[number]) => (r.total > 0 ? (r.pass + r.waived) / r.total : -1);
    return { items: rows.sort((a, b) => share(a) - share(b) || (a.unit ?? "").localeCompare(b.unit ?? "")) };
  },
});

/** The models furthest from ready: most failing, then most unknown items. */
export const leastReady = query({
  name: "readiness.models",
  title: "List the models furthest from ready",
  http: { method: "GET", path: "/readiness/models" },
  input: z.strictObject({
    tier: z.coerce.number().int().min(1).max(4).optional(),
    unit: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, { tier, unit, limit }, actor) => {
    if (!holds(actor, "inventory:read"))
      throw new Refusal("forbidden", "You need a role to see the inventory. Ask an administrator for one.");
    const rows = await read
      .select({
        name: models.name,
        tier: models.tier,
        stage: models.stage,
        unit: businessUnits.name,
        ownerName: people.name,
        pass: models.readinessPass,
        fail: models.readinessFail,
        unknown: models.readinessUnknown,
        waived: models.readinessWaived,
        total: models.readinessTotal,
        at: models.readinessAt,
      })
      .from(models)
      .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId))
      .leftJoin(people, eq(people.id, models.ownerId))
      .where(
        and(
          inReach(actor, "inventory:read", models.businessUnitId),
          sql`${models.stage} not in ('retired', 'idea')`,
          sql`(${models.readinessTotal} is null or ${models.readinessFail} + ${models.readinessUnknown} > 0)`,
          tier === undefined ? undefined : eq(models.tier, tier),
          unit === undefined ? undefined : eq(models.businessUnitId, unit),
        ),
      )
      .orderBy(
        sql`${models.readinessFail} desc nulls last, ${models.readinessUnknown} desc nulls last`,
        asc(models.name),
      )
      .limit(limit);
    return { items: rows };
  },
});
