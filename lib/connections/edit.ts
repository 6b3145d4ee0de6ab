import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { editInput, mayManageConnections, missingCredential } from "./connection";
import { findConnection, sealSecret } from "./find";
import { syncJob } from "./sync-job";

/** Changes a connection; the secret stays unless a new one is given. A new address starts a sync. */
export const editConnection = command({
  name: "connection.edited",
  title: "Edit a connection",
  http: { method: "PATCH", path: "/connections/{id}" },
  input: editInput,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { input, subject: before }) => {
    const { id, secret, ...plain } = input;
    const auth = input.auth ?? before.auth;
    const movedTo = plain.baseUrl?.replace(/\/+$/, "");
    // A secret goes only to the server it was given for.
    const keepsSecret = movedTo === undefined || new URL(movedTo).origin === new URL(before.baseUrl).origin;
    const missing = missingCredential(
      auth,
      input.username ?? before.username,
      secret !== undefined || (keepsSecret && before.secret !== null),
    );
    if (missing)
      throw new Refusal(
        "invalid",
        keepsSecret
          ? `${missing.field}: ${missing.message}`
          : `${missing.field}: ${missing.message} The stored one belongs to the former address.`,
        [missing],
      );
    const change = {
      ...plain,
      ...(movedTo === undefined ? {} : { baseUrl: movedTo }),
      ...(auth === "none" ? { secret: null } : secret === undefined ? {} : { secret: sealSecret(id, secret) }),
    };
    const differs = Object.entries(change).filter(
      ([key, value]) => key === "secret" || value !== before[key as keyof typeof before],
    );
    if (
      differs.length === 0 ||
      (differs.length === 1 &&
        auth === "none" &&
        before.secret === null &&
        "secret" in change &&
        differs[0]?.[0] === "secret")
    )
      return { unchanged: { id, name: before.name } };
    const [row] = await tx
      .update(connections)
      .set(change)
      .where(and(eq(connections.id, id), isNull(connections.removedAt)))
      .returning({ name: connections.name });
    if (!row) throw new Refusal("conflict", "The connection was removed a moment ago.");
    return {
      result: { id, name: row.name },
      entry: {
        subject: { kind: "connection", id, ref: row.name },
        summary: `edited the connection ${row.name}`,
        body: { ...plain, newSecret: secret !== undefined },
      },
      jobs: [syncJob(id, "manual")],
    };
  },
});
