import "server-only";
import { and, eq } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { sourceSubjects } from "@/db/schema/sources";
import { findConnection } from "@/lib/connections/find";
import { endFacts } from "@/lib/connections/put-subjects";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { mayEdit } from "@/lib/models/model";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { unmapInput } from "./source";

/** Ends a mapping that a person made: what the source told about the subject is no longer in force for that model. */
export const unmapSubject = command({
  name: "source.subject.unmapped",
  title: "End the mapping of a source's subject",
  http: { method: "POST", path: "/connections/{id}/subjects/unmap" },
  input: unmapInput,
  load: async (tx, input, actor) => {
    const connection = await findConnection(tx, input.id);
    const [row] = await tx
      .select()
      .from(sourceSubjects)
      .where(and(eq(sourceSubjects.connectionId, connection.id), eq(sourceSubjects.subject, input.subject)));
    if (!row?.modelId || row.matchedBy !== "person")
      throw new Refusal("not_found", `Nobody has mapped ${input.subject} of ${connection.name}.`);
    return { connection, keys: row.keys, model: await findModel(tx, row.modelId, actor) };
  },
  may: (actor, { model }) => mayEdit(actor, model),
  run: async (tx, { input, subject: { connection, model, keys }, now }) => {
    await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, connection.id)).for("update");
    const [row] = await tx
      .update(sourceSubjects)
      .set({ modelId: null, matchedBy: null, mappedBy: null, mappedAt: null })
      .where(
        and(
          eq(sourceSubjects.connectionId, connection.id),
          eq(sourceSubjects.subject, input.subject),
          eq(sourceSubjects.modelId, model.id),
          eq(sourceSubjects.matchedBy, "person"),
        ),
      )
      .returning({ subject: sourceSubjects.subject });
    if (!row) throw new Refusal("conflict", "Someone else ended this mapping a moment ago.");
    await endFacts(tx, connection.id, model.id, keys, now);
    const result = { connection: connection.name, subject: input.subject, model: model.name };
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `ended the mapping of ${input.subject} of ${connection.name} to ${model.name}`,
        body: { ...result, facts: keys },
      },
      jobs: [refreshJob(model.id)],
    };
  },
});
