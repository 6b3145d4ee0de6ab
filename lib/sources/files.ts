import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sourceFiles } from "@/db/schema/sources";
import { mayManageConnections } from "@/lib/connections/connection";
import { type Connection, findConnection } from "@/lib/connections/find";
import { syncJob } from "@/lib/connections/sync-job";
import { prometheusSettings } from "@/lib/connectors/prometheus/kind";
import { parseSloFile } from "@/lib/connectors/prometheus/slo-files";
import { sha256Hex } from "@/lib/connectors/text";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { fileInput, fileKey } from "./source";

/** A connection that takes files of SLOs. */
export async function loadPrometheus(tx: Tx, id: string): Promise<Connection> {
  const connection = await findConnection(tx, id);
  if (connection.system !== "prometheus")
    throw new Refusal("invalid", `${connection.name} takes no files of SLOs; only a Prometheus connection does.`);
  return connection;
}

/** Takes a file of SLOs for a Prometheus connection, from a person or from the pipeline of the repository that keeps it. */
export const putSourceFile = command({
  name: "source.file.uploaded",
  title: "Upload a file of SLOs",
  http: { method: "POST", path: "/connections/{id}/slo-files", status: 201 },
  input: fileInput,
  load: (tx, input) => loadPrometheus(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { input, subject: connection, actor, now }) => {
    const { modelLabel } = prometheusSettings.parse(connection.settings);
    const { slos, faults } = parseSloFile(input.content, modelLabel);
    const [fault] = faults;
    if (fault)
      throw new Refusal(
        "invalid",
        `${input.name} was not taken: ${fault}`,
        faults.slice(0, 20).map((message) => ({ field: "content", message })),
      );
    if (slos.length === 0)
      throw new Refusal("invalid", `${input.name} holds no SLO of Sloth, Pyrra or OpenSLO.`, [
        { field: "content", message: "No SLO." },
      ]);
    const sha256 = sha256Hex(input.content);
    const result = {
      name: input.name,
      sha256,
      slos: slos.map((s) => ({ service: s.service, name: s.name, objective: s.objective, model: s.declared })),
    };
    const [before] = await tx
      .select({ sha256: sourceFiles.sha256, commit: sourceFiles.gitCommit })
      .from(sourceFiles)
      .where(and(eq(sourceFiles.connectionId, connection.id), eq(sourceFiles.name, input.name)));
    if (before?.commit)
      throw new Refusal("conflict", `${input.name} is read from Git. Change it there, or give this one another name.`, [
        { field: "name", message: "Read from Git." },
      ]);
    if (before?.sha256 === sha256) return { unchanged: result };
    const row = {
      content: input.content,
      sha256,
      definitions: slos.length,
      uploadedBy: actor.name,
      uploadedAt: now,
    };
    await tx
      .insert(sourceFiles)
      .values({ id: newId(), connectionId: connection.id, name: input.name, ...row })
      .onConflictDoUpdate({ target: [sourceFiles.connectionId, sourceFiles.name], set: row });
    return {
      result,
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `uploaded ${input.name} with ${slos.length} ${slos.length === 1 ? "SLO" : "SLOs"} for ${connection.name}`,
        body: { ...result, replaces: before?.sha256 ?? null },
      },
      jobs: connection.importConfirmedAt ? [syncJob(connection.id, "manual")] : [],
    };
  },
});

/** Takes a file of SLOs away. */
export const removeSourceFile = command({
  name: "source.file.removed",
  title: "Remove a file of SLOs",
  http: { method: "POST", path: "/connections/{id}/slo-files/remove" },
  input: fileKey,
  load: (tx, input) => loadPrometheus(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { input, subject: connection }) => {
    const [row] = await tx
      .delete(sourceFiles)
      .where(
        and(
          eq(sourceFiles.connectionId, connection.id),
          eq(sourceFiles.name, input.name),
          isNull(sourceFiles.gitCommit),
        ),
      )
      .returning({ name: sourceFiles.name, sha256: sourceFiles.sha256 });
    if (!row)
      throw new Refusal(
        "not_found",
        `${connection.name} has no uploaded file ${input.name}. One in Git is removed there.`,
      );
    return {
      result: { name: row.name },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `removed ${row.name} of ${connection.name}`,
        body: { name: row.name, sha256: row.sha256 },
      },
      jobs: connection.importConfirmedAt ? [syncJob(connection.id, "manual")] : [],
    };
  },
});
