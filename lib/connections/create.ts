import "server-only";
import { connections } from "@/db/schema/models";
import { config } from "@/lib/config/config";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { createInput, mayManageConnections, missingCredential } from "./connection";
import { sealSecret } from "./find";
import { syncJob } from "./sync-job";

/** Connects a registry; the first sync starts at once. */
export const createConnection = command({
  name: "connection.created",
  title: "Connect a registry",
  http: { method: "POST", path: "/connections", status: 201 },
  input: createInput,
  load: async () => null,
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { input, actor, now }) => {
    const missing = missingCredential(input.auth, input.username ?? null, input.secret !== undefined);
    if (missing) throw new Refusal("invalid", `${missing.field}: ${missing.message}`, [missing]);
    const id = newId();
    const { secret, ...given } = input;
    const plain = { ...given, everyMinutes: given.everyMinutes ?? config().syncMinutes };
    const [row] = await tx
      .insert(connections)
      .values({
        id,
        ...plain,
        baseUrl: plain.baseUrl.replace(/\/+$/, ""),
        username: plain.username ?? null,
        secret: secret === undefined ? null : sealSecret(id, secret),
        createdAt: now,
        createdBy: `${actor.kind}:${actor.id}`,
      })
      .onConflictDoNothing()
      .returning({ id: connections.id });
    if (!row)
      throw new Refusal("conflict", `There is a connection called ${input.name} already.`, [
        { field: "name", message: "Taken." },
      ]);
    return {
      result: { id, name: input.name },
      entry: {
        subject: { kind: "connection", id, ref: input.name },
        summary: `connected ${input.name} (MLflow at ${new URL(input.baseUrl).host})`,
        body: { ...plain, withSecret: secret !== undefined },
      },
      jobs: [syncJob(id, "first")],
    };
  },
});
