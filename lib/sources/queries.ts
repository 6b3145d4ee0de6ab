import "server-only";
import { and, asc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, models } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { sourceFiles, sourceSubjects } from "@/db/schema/sources";
import { findConnection } from "@/lib/connections/find";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { maySeeSubjects } from "./source";

const columns = {
  subject: sourceSubjects.subject,
  declared: sourceSubjects.declared,
  matchedBy: sourceSubjects.matchedBy,
  mappedBy: people.name,
  mappedAt: sourceSubjects.mappedAt,
  keys: sourceSubjects.keys,
  firstSeenAt: sourceSubjects.firstSeenAt,
  lastSeenAt: sourceSubjects.lastSeenAt,
};

/** What a source observes, by name; of all, or only those that are no model yet. */
export const subjectList = query({
  name: "source.subjects.listed",
  title: "List what a source of facts observes",
  http: { method: "GET", path: "/connections/{id}/subjects" },
  input: z.strictObject({
    id: z.uuid("The id of a connection."),
    /** Only those that are no model yet, or only those that are. */
    matched: z.enum(["yes", "no"], "yes or no.").optional(),
    /** `subject` of the last one on the page before. */
    after: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    insist(maySeeSubjects(actor));
    const connection = await findConnection(read, input.id);
    const rows = await read
      .select({
        ...columns,
        // A model outside the reader's units is named to nobody.
        model: sql<
          string | null
        >`case when ${inReach(actor, "inventory:read", sql`${models.businessUnitId}`)} then ${models.name} end`,
        matched: sql<boolean>`${sourceSubjects.modelId} is not null`,
      })
      .from(sourceSubjects)
      .leftJoin(models, eq(models.id, sourceSubjects.modelId))
      .leftJoin(people, eq(people.id, sourceSubjects.mappedBy))
      .where(
        and(
          eq(sourceSubjects.connectionId, connection.id),
          input.matched === "no" ? isNull(sourceSubjects.modelId) : undefined,
          input.matched === "yes" ? isNotNull(sourceSubjects.modelId) : undefined,
          input.after === undefined ? undefined : gt(sourceSubjects.subject, input.after),
        ),
      )
      .orderBy(asc(sourceSubjects.subject))
      .limit(input.limit);
    return { subjects: rows, next: rows.length === input.limit ? (rows.at(-1)?.subject ?? null) : null };
  },
});

/** The subjects of sources that tell a model its facts, and the sources that could. At most 200. */
export const modelSources = query({
  name: "model.sources.listed",
  title: "List the sources that tell facts about a model",
  http: { method: "GET", path: "/models/{name}/sources" },
  input: z.strictObject({ name: modelKey }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const [rows, sources] = await Promise.all([
      read
        .select({ ...columns, connectionId: connections.id, connection: connections.name, system: connections.system })
        .from(sourceSubjects)
        .innerJoin(connections, and(eq(connections.id, sourceSubjects.connectionId), isNull(connections.removedAt)))
        .leftJoin(people, eq(people.id, sourceSubjects.mappedBy))
        .where(eq(sourceSubjects.modelId, model.id))
        .orderBy(asc(connections.name), asc(sourceSubjects.subject))
        .limit(200),
      read
        .selectDistinct({ id: connections.id, name: connections.name })
        .from(connections)
        .innerJoin(sourceSubjects, eq(sourceSubjects.connectionId, connections.id))
        .where(isNull(connections.removedAt))
        .orderBy(asc(connections.name))
        .limit(200),
    ]);
    return { subjects: rows, sources };
  },
});

/** Files of SLOs of a connection, by name. */
export const fileList = query({
  name: "source.files.listed",
  title: "List a source's files",
  http: { method: "GET", path: "/connections/{id}/slo-files" },
  input: z.strictObject({ id: z.uuid("The id of a connection.") }),
  run: async (read, input, actor) => {
    insist(maySeeSubjects(actor));
    const connection = await findConnection(read, input.id);
    return {
      files: await read
        .select({
          name: sourceFiles.name,
          sha256: sourceFiles.sha256,
          slos: sourceFiles.definitions,
          uploadedBy: sourceFiles.uploadedBy,
          uploadedAt: sourceFiles.uploadedAt,
          commit: sourceFiles.gitCommit,
        })
        .from(sourceFiles)
        .where(eq(sourceFiles.connectionId, connection.id))
        .orderBy(asc(sourceFiles.name))
        .limit(500),
    };
  },
});
