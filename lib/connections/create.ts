import "server-only";
import { connections } from "@/db/schema/models";
import { config } from "@/lib/config/config";
import { kindOf } from "@/lib/connectors/kinds";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { createInput, mayManageConnections } from "./connection";
import { sealSecret } from "./find";
import { checkTarget } from "./settings";
import { syncJob } from "./sync-job";

/** Connects a registry or a source of facts. It is imported once somebody has looked at the preview and confirmed it, or at once with `import: true`. */
export const createConnection = command({
  name: "connection.created",
  title: "Connect a registry or a source of facts",
  http: { method: "POST", path: "/connections", status: 201 },
  input: createInput,
  load: async () => null,
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { input, actor, now }) => {
    const kind = kindOf(input.system);
    const { secret, import: imports, username = null, ...given } = input;
    const checked = checkTarget({ ...given, username, hasSecret: secret !== undefined });
    const id = newId();
    const plain = {
      name: given.name,
      system: given.system,
      ...checked,
      username,
      everyMinutes: given.everyMinutes ?? config().syncMinutes,
      prodAlias: given.prodAlias ?? ("prodAlias" in kind ? kind.prodAlias.default : ""),
    };
    const [row] = await tx
      .insert(connections)
      .values({
        id,
        ...plain,
        importConfirmedAt: imports ? now : null,
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
        summary: `connected ${input.name} (${kind.title} at ${new URL(plain.baseUrl).host})`,
        body: { ...plain, withSecret: secret !== undefined, import: imports },
      },
      jobs: imports ? [syncJob(id, "first")] : [],
    };
  },
});
