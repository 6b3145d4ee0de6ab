import "server-only";
import { and, desc, eq, inArray, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { models, modelVersions } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { gateChecks, releases } from "@/db/schema/releases";
import { statements } from "@/db/schema/signing";
import { glassOfRelease } from "@/lib/break-glass/queries";
import { toBreak } from "@/lib/break-glass/request";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { instant } from "@/lib/core/when";
import { entriesFor } from "@/lib/log/queries";
import { parseStatement } from "@/lib/signing/dsse";
import { isFinal } from "./final-reasons";
import { evaluateGate } from "./gate";
import { releaseBy } from "./load";
import { policies } from "./policies";
import { digest, environment, ListReleases, releaseRef } from "./release";
import { changesBetween, type LineChange } from "./statement-lines";
import { seenReleases, seesRelease } from "./visible";

/** A page's cursor: the last row's instant and id. */
const cursorOf = (row: { requestedAt: Date; id: string }) => `${row.requestedAt.toISOString()}_${row.id}`;
function cursor(text: string): { at: Date; id: string } {
  const [at = "", id = ""] = text.split("_");
  const parsed = z.object({ at: instant(), id: z.uuid() }).safeParse({ at, id });
  if (!parsed.success) throw new Refusal("invalid", "after: this is not a cursor that a list gave.");
  return { at: new Date(at), id };
}

/** Releases, newest request first. */
export const listReleases = query({
  name: "releases.list",
  title: "List releases",
  http: { method: "GET", path: "/releases" },
  input: ListReleases,
  run: async (read, input, actor) => {
    const seen = seenReleases(actor);
    const after = input.after ? cursor(input.after) : null;
    const rows = await read
      .select({
        id: releases.id,
        ref: releases.ref,
        model: models.name,
        tier: models.tier,
        version: modelVersions.version,
        digest: releases.digest,
        environment: releases.environment,
        status: releases.status,
        requestedBy: people.name,
        requestedAt: releases.requestedAt,
        promotedAt: releases.promotedAt,
        approvals: sql<number>`(select count(*)::int from approval a where a.release_id = ${releases.id}
          and a.decision = 'APPROVE' and a.revoked_at is null and a.superseded_at is null)`,
        lastAnswer: sql<
          "allow" | "deny" | null
        >`(select g.decision from gate_check g where g.release_id = ${releases.id}
          order by g.asked_at desc limit 1)`,
      })
      .from(releases)
      .innerJoin(models, eq(models.id, releases.modelId))
      .innerJoin(modelVersions, eq(modelVersions.id, releases.versionId))
      .innerJoin(people, eq(people.id, releases.requestedBy))
      .where(
        and(
          seen,
          input.status ? inArray(releases.status, input.status) : undefined,
          input.environment ? inArray(releases.environment, input.environment) : undefined,
          input.model ? eq(models.name, input.model) : undefined,
          after
            ? or(lt(releases.requestedAt, after.at), and(eq(releases.requestedAt, after.at), lt(releases.id, after.id)))
            : undefined,
        ),
      )
      .orderBy(desc(releases.requestedAt), desc(releases.id))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const last = page.at(-1);
    return { releases: page, next: rows.length > input.limit && last ? cursorOf(last) : null };
  },
});

/** One release: the gate's present answer, every signature with its state, what changed since stale ones, answers so far. */
export const getRelease = query({
  name: "release.get",
  title: "Read a release",
  http: { method: "GET", path: "/releases/{release}" },
  input: z.strictObject({ release: releaseRef }),
  run: async (read, { release: ref }, actor, now) => {
    const release = await releaseBy(read, ref);
    if (!seesRelease(actor, release.businessUnitId)) throw new Refusal("not_found", `There is no release ${ref}.`);
    const { row } = release;
    const answer = await evaluateGate(
      read,
      { model: release.model, version: release.version, digest: null, environment: row.environment },
      now,
    );
    const [requester] = await read.select({ name: people.name }).from(people).where(eq(people.id, row.requestedBy));
    const answers = await read
      .select({
        id: gateChecks.id,
        decision: gateChecks.decision,
        reasons: gateChecks.reasons,
        askedBy: gateChecks.askedBy,
        askedAt: gateChecks.askedAt,
      })
      .from(gateChecks)
      .where(eq(gateChecks.releaseId, row.id))
      .orderBy(desc(gateChecks.askedAt))
      .limit(8);
    const requestNames = new Set(answer.approvals.filter((a) => a.state === "stale").map((a) => a.requestSha256));
    const request = await statementBy(read, row.statementSha256);
    return {
      id: row.id,
      ref: row.ref,
      model: release.model,
      modelId: release.modelId,
      tier: release.tier,
      businessUnitId: release.businessUnitId,
      version: release.version,
      digest: row.digest,
      versionDigest: release.versionDigest,
      environment: row.environment,
      status: row.status,
      note: row.note,
      requestedBy: row.requestedBy,
      requesterName: requester?.name ?? "",
      trainedById: release.trainedById,
      requestedAt: row.requestedAt,
      promotedAt: row.promotedAt,
      closedAt: row.closedAt,
      statement: row.statementSha256.toString("hex"),
      request,
      answer,
      logIndex: await indicesOf(
        read,
        answer.approvals.map((a) => a.statementSha256),
      ),
      breakGlass: await glassOfRelease(read, row.id, now),
      toBreak: await toBreak(read, release, now),
      changes: await changesSince(read, [...requestNames], request),
      answers: answers.map((a) => ({ ...a, reasons: a.reasons.length })),
      history: await entriesFor(read, { subject: { kind: "release", id: row.id }, limit: 8 }),
    };
  },
});

const statementBy = async (read: Reader, sha256: Buffer) => {
  const [found] = await read
    .select({ payload: statements.payload })
    .from(statements)
    .where(eq(statements.sha256, sha256));
  if (!found) throw new Error(`The statement ${sha256.toString("hex")} is missing.`);
  return parseStatement(found.payload);
};

/** What differs between each earlier form of the request (by its SHA-256 in hex) and the present one. */
async function changesSince(
  read: Reader,
  requests: readonly string[],
  now: unknown,
): Promise<Record<string, { changes: LineChange[]; of: number }>> {
  if (requests.length === 0) return {};
  const rows = await read
    .select()
    .from(statements)
    .where(
      inArray(
        statements.sha256,
        requests.map((hex) => Buffer.from(hex, "hex")),
      ),
    );
  return Object.fromEntries(
    rows.map((r) => [r.sha256.toString("hex"), changesBetween(parseStatement(r.payload), now)]),
  );
}

/** Where the log has the signatures over these statements, by statement; absent while they wait for a number. */
async function indicesOf(read: Reader, sha256: readonly string[]): Promise<Record<string, number>> {
  if (sha256.length === 0) return {};
  const { rows } = await read.execute<{ statement: string; idx: string }>(sql`
    select encode(s.statement_sha256, 'hex') as statement, l.idx from signature s join log_leaf l on l.entry_id = s.log_entry_id
    where s.statement_sha256 in ${sha256.map((h) => Buffer.from(h, "hex"))}`);
  return Object.fromEntries(rows.map((r) => [r.statement, Number(r.idx)]));
}

/** What stands between a version and an environment now, before anyone asks for a release. Signs and logs nothing. */
export const explainGate = query({
  name: "gate.explain",
  title: "What the gate would answer, and what is missing",
  http: { method: "GET", path: "/gate/explain", limited: true },
  input: z.strictObject({
    model: z.string().trim().min(1).max(200),
    version: z.string().trim().min(1).max(100),
    /** SHA-256 of the artefact that would be deployed; the registered one if left out. */
    digest: digest.optional(),
    environment: environment.default("prod"),
  }),
  run: async (read, input, actor, now) => {
    const [model] = await read
      .select({ name: models.name })
      .from(models)
      .where(and(eq(models.name, input.model), seenReleases(actor)));
    if (!model) throw new Refusal("not_found", `There is no model ${input.model} here.`);
    const answer = await evaluateGate(read, { ...input, digest: input.digest ?? null }, now);
    return {
      decision: answer.decision,
      final: isFinal(answer.reasons),
      /** No statement stands behind this: nothing may be deployed on it. */
      signed: false,
      reasons: answer.reasons,
      warnings: answer.warnings,
      upcoming: answer.upcoming,
      breakGlass: answer.brokenBy && {
        ref: answer.brokenBy.ref,
        until: answer.brokenBy.until.toISOString(),
        passed: answer.brokenBy.passed,
      },
      release: answer.release?.ref ?? null,
      digest: answer.digest,
      tier: answer.tier,
      policy: answer.policy && { id: answer.policy.id, version: answer.policy.version, digest: answer.policy.digest },
      approvals: answer.requirements.map((r) => ({ ...r.requirement, have: r.have, met: r.met })),
    };
  },
});

export const listPolicies = query({
  name: "policies.list",
  title: "Release policies in force",
  http: { method: "GET", path: "/policies" },
  input: z.strictObject({}),
  run: async () => ({
    policies: policies().map(({ policy }) => policy),
  }),
});
