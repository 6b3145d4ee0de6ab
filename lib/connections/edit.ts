import "server-only";
import { isDeepStrictEqual } from "node:util";
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "@/db/schema/models";
import { kindOf } from "@/lib/connectors/kinds";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { editInput, mayManageConnections } from "./connection";
import { findConnection, sealSecret } from "./find";
import { checkTarget } from "./settings";
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
    const { id, secret, settings, ...plain } = input;
    const movedTo = plain.baseUrl?.replace(/\/+$/, "");
    // A secret goes only to the server it was given for.
    const keepsSecret = movedTo === undefined || new URL(movedTo).origin === new URL(before.baseUrl).origin;
    const checked = checkTarget({
      system: before.system,
      baseUrl: movedTo ?? before.baseUrl,
      auth: input.auth ?? before.auth,
      username: input.username ?? before.username,
      hasSecret: secret !== undefined || (keepsSecret && before.secret !== null),
      settings: settings ?? before.settings,
      ...(keepsSecret ? {} : { why: "The stored one belongs to the former address." }),
    });
    const takesSecret = kindOf(before.system).signIn.find((s) => s.id === checked.auth)?.secret !== undefined;
    const change = {
      ...plain,
      ...(movedTo === undefined ? {} : { baseUrl: movedTo }),
      ...(settings === undefined || isDeepStrictEqual(checked.settings, before.settings)
        ? {}
        : { settings: checked.settings }),
      ...(takesSecret
        ? secret === undefined
          ? {}
          : { secret: sealSecret(id, secret) }
        : before.secret === null
          ? {}
          : { secret: null }),
    };
    const differs = Object.entries(change).filter(
      ([key, value]) => key === "secret" || key === "settings" || value !== before[key as keyof typeof before],
    );
    if (differs.length === 0) return { unchanged: { id, name: before.name } };
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
        body: {
          ...plain,
          ...(settings === undefined ? {} : { settings: checked.settings }),
          newSecret: secret !== undefined,
        },
      },
      jobs: before.importConfirmedAt ? [syncJob(id, "manual")] : [],
    };
  },
});
