import "server-only";
import { and, eq, ne, sql } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { sourceSubjects } from "@/db/schema/sources";
import { findConnection } from "@/lib/connections/find";
import { endFacts } from "@/lib/connections/put-subjects";
import { syncJob } from "@/lib/connections/sync-job";
import { isSource } from "@/lib/connectors/systems";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { mayEdit } from "@/lib/models/model";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { mapInput } from "./source";

/** Says which model a source's subject is. From then on what the source tells about it is that model's, until the mapping ends. */
export const mapSubject = command({
  name: "source.subject.mapped",
  title: "Map a source's subject to a model",
  http: { method: "POST", path: "/connections/{id}/subjects" },
  input: mapInput,
  load: async (tx, input, actor) => ({
    connection: await findConnection(tx, input.id),
    model: await findModel(tx, input.model, actor),
  }),
  may: (actor, { model }) => mayEdit(actor, model),
  run: async (tx, { input, subject: { connection, model }, actor, now }) => {
    if (!isSource(connection.system))
      throw new Refusal("invalid", `${connection.name} is a registry: its models are in the inventory themselves.`);
    await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, connection.id)).for("update");
    const [before] = await tx
      .select()
      .from(sourceSubjects)
      .where(and(eq(sourceSubjects.connectionId, connection.id), eq(sourceSubjects.subject, input.subject)));
    const result = { connection: connection.name, subject: input.subject, model: model.name };
    if (before?.modelId === model.id && before.matchedBy === "person") return { unchanged: result };
    if (before?.matchedBy === "person" && before.modelId !== null)
      throw new Refusal(
        "conflict",
        `${input.subject} is mapped to another model already. End that mapping first, or ask that model's owner to.`,
      );
    const others = await tx
      .select({ subject: sourceSubjects.subject, keys: sourceSubjects.keys })
      .from(sourceSubjects)
      .where(
        and(
          eq(sourceSubjects.connectionId, connection.id),
          eq(sourceSubjects.modelId, model.id),
          ne(sourceSubjects.subject, input.subject),
        ),
      );
    for (const other of others) {
      const both = other.keys.find((key) => before?.keys.includes(key));
      if (both)
        throw new Refusal(
          "conflict",
          `${other.subject} tells ${model.name} its ${both} already. End that mapping first; two cannot both be right.`,
        );
    }
    if (before?.modelId) await endFacts(tx, connection.id, before.modelId, before.keys, now);
    await tx.execute(sql`
      insert into source_subject (connection_id, subject, model_id, matched_by, mapped_by, mapped_at)
      values (${connection.id}, ${input.subject}, ${model.id}, 'person', ${actor.kind === "person" ? actor.id : null}, ${now.toISOString()}::timestamptz)
      on conflict (connection_id, subject) do update set model_id = excluded.model_id, matched_by = 'person',
        mapped_by = excluded.mapped_by, mapped_at = excluded.mapped_at`);
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        concerns: before?.modelId && before.modelId !== model.id ? [before.modelId] : [],
        summary: `mapped ${input.subject} of ${connection.name} to ${model.name}`,
        body: { ...result, seen: before?.lastSeenAt?.toISOString() ?? null, declared: before?.declared ?? null },
      },
      jobs: [
        ...(connection.importConfirmedAt ? [syncJob(connection.id, "manual")] : []),
        ...(before?.modelId && before.modelId !== model.id ? [refreshJob(before.modelId)] : []),
      ],
    };
  },
});
