import "server-only";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { connectionKey, mayManageConnections } from "./connection";
import { findConnection } from "./find";
import { syncJob } from "./sync-job";

/** Starts a full sweep now. */
export const requestSync = command({
  name: "connection.sync.requested",
  title: "Sync a connection now",
  http: { method: "POST", path: "/connections/{id}/sync", status: 202 },
  input: connectionKey,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (_tx, { subject: connection }) => {
    if (!connection.importConfirmedAt)
      throw new Refusal("conflict", `Look at what ${connection.name} would import, and confirm it, first.`);
    return {
      result: { id: connection.id, name: connection.name },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `asked for a sync of ${connection.name}`,
        body: { connection: connection.name },
      },
      jobs: [syncJob(connection.id, "manual")],
    };
  },
});
