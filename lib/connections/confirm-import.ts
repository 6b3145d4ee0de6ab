import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { connectionKey, mayManageConnections } from "./connection";
import { findConnection } from "./find";
import { syncJob } from "./sync-job";

/** Confirms what the preview showed: the first import starts, and from then on the connection is read regularly. */
export const confirmImport = command({
  name: "connection.import.confirmed",
  title: "Confirm the first import",
  http: { method: "POST", path: "/connections/{id}/import", status: 202 },
  input: connectionKey,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { subject: connection, now }) => {
    const result = { id: connection.id, name: connection.name };
    const [row] = await tx
      .update(connections)
      .set({ importConfirmedAt: now })
      .where(and(eq(connections.id, connection.id), isNull(connections.importConfirmedAt)))
      .returning({ id: connections.id });
    if (!row) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `confirmed the import from ${connection.name}`,
        body: { connection: connection.name },
      },
      jobs: [syncJob(connection.id, "first")],
    };
  },
});
