import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { connectionKey, mayManageConnections } from "./connection";
import { findConnection } from "./find";

/** Ends a connection. Its secret is erased; what it brought stays, with the date it was last read. */
export const removeConnection = command({
  name: "connection.removed",
  title: "Remove a connection",
  http: { method: "DELETE", path: "/connections/{id}" },
  input: connectionKey,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { subject: connection, now }) => {
    const [row] = await tx
      .update(connections)
      .set({ removedAt: now, secret: null, name: `${connection.name} (removed ${now.toISOString().slice(0, 19)})` })
      .where(and(eq(connections.id, connection.id), isNull(connections.removedAt)))
      .returning({ id: connections.id });
    if (!row) throw new Refusal("conflict", "Someone else removed this connection a moment ago.");
    return {
      result: { id: connection.id, name: connection.name },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `removed the connection ${connection.name}`,
        body: { name: connection.name, baseUrl: connection.baseUrl },
      },
    };
  },
});
