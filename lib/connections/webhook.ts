import "server-only";
import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/client";
import { registryWebhooks } from "@/db/schema/registries";
import { config } from "@/lib/config/config";
import { type Delivery, deliveryFault, modelOf, webhookEvents } from "@/lib/connectors/mlflow/webhook";
import { connectorActor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { enqueue } from "@/lib/jobs/table";
import { mayWork } from "./batch";
import { connectionKey, mayManageConnections } from "./connection";
import { findConnection, sealSecret, unsealSecret } from "./find";
import { hintJob, syncJob } from "./sync-job";

/** So many hints wait at once; when there are more, one sync of what changed is cheaper than many single reads. */
const mostHints = 20;

/** Makes the secret that a registry signs its webhooks with. A second call replaces the first. The secret is shown once. */
export const enableWebhook = command({
  name: "connection.webhook.enabled",
  title: "Let a registry say what changed",
  http: { method: "POST", path: "/connections/{id}/webhook", status: 201 },
  input: connectionKey,
  secretAnswer: true,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { subject: connection, now }) => {
    if (connection.system !== "mlflow")
      throw new Refusal("invalid", "Only MLflow sends signed webhooks; other registries are read regularly.");
    const secret = randomBytes(32).toString("base64url");
    const sealed = sealSecret(connection.id, secret);
    await tx
      .insert(registryWebhooks)
      .values({ connectionId: connection.id, secret: sealed, createdAt: now })
      .onConflictDoUpdate({ target: registryWebhooks.connectionId, set: { secret: sealed, createdAt: now } });
    const url = `${config().publicUrl}/api/hooks/${connection.id}`;
    return {
      result: { id: connection.id, url, secret, events: webhookEvents },
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `made a webhook secret for ${connection.name}`,
        body: { connection: connection.name, url },
      },
    };
  },
});

/** Ends the webhook: deliveries are refused from now on. */
export const disableWebhook = command({
  name: "connection.webhook.disabled",
  title: "Refuse a registry's webhooks",
  http: { method: "DELETE", path: "/connections/{id}/webhook" },
  input: connectionKey,
  load: (tx, input) => findConnection(tx, input.id),
  may: (actor) => mayManageConnections(actor),
  run: async (tx, { subject: connection }) => {
    const result = { id: connection.id, name: connection.name };
    const gone = await tx
      .delete(registryWebhooks)
      .where(eq(registryWebhooks.connectionId, connection.id))
      .returning({ id: registryWebhooks.connectionId });
    if (gone.length === 0) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "connection", id: connection.id, ref: connection.name },
        summary: `ended the webhook of ${connection.name}`,
        body: { connection: connection.name },
      },
    };
  },
});

/** A hint that a model changed becomes a read of that model. It is work, not an event: what the read finds is logged. */
const takeHint = command({
  name: "registry.hint.taken",
  title: "Take a registry's hint",
  http: null,
  input: z.strictObject({ connectionId: z.uuid(), model: z.string().max(1000).nullable() }),
  load: (tx, input) => findConnection(tx, input.connectionId),
  may: mayWork,
  run: async (tx, { input, subject: connection, now }): Promise<{ unchanged: { queued: boolean } }> => {
    await tx
      .update(registryWebhooks)
      .set({ lastReceivedAt: now, received: sql`${registryWebhooks.received} + 1` })
      .where(eq(registryWebhooks.connectionId, connection.id));
    if (input.model === null || !connection.importConfirmedAt) return { unchanged: { queued: false } };
    const { rows } = await tx.execute<{ n: number }>(sql`
      select count(*)::int as n from job where state = 'waiting' and unique_key like ${`registry.sync:${connection.id}:%`}`);
    const many = (rows[0]?.n ?? 0) >= mostHints;
    await enqueue(tx, many ? syncJob(connection.id, "webhook") : hintJob(connection.id, input.model), now);
    return { unchanged: { queued: true } };
  },
});

/** A delivery that was not believed is counted; nothing else comes of it. */
const refuseHint = command({
  name: "registry.hint.refused",
  title: "Refuse a registry's hint",
  http: null,
  input: z.strictObject({ connectionId: z.uuid() }),
  load: (tx, input) => findConnection(tx, input.connectionId),
  may: mayWork,
  run: async (tx, { subject: connection }): Promise<{ unchanged: null }> => {
    await tx
      .update(registryWebhooks)
      .set({ refused: sql`${registryWebhooks.refused} + 1` })
      .where(eq(registryWebhooks.connectionId, connection.id));
    return { unchanged: null };
  },
});

/**
 * Takes a delivery of a registry's webhook. Refuses with not_found when the connection expects none, unauthenticated when the
 * signature or its time is wrong. `queued`: a read of the model was asked for.
 */
export async function receiveHook(
  at: { db: Db; now: () => Date; requestId: string },
  connectionId: string,
  delivery: Delivery,
): Promise<{ queued: boolean }> {
  const [row] = await at.db
    .select({ secret: registryWebhooks.secret })
    .from(registryWebhooks)
    .where(eq(registryWebhooks.connectionId, connectionId));
  if (!row) throw new Refusal("not_found", "This portal expects no webhooks here.");
  const ctx = { ...at, actor: connectorActor({ id: connectionId, name: "Registry" }) };
  const fault = deliveryFault(delivery, unsealSecret(connectionId, row.secret), at.now());
  if (fault) {
    await refuseHint(ctx, { connectionId });
    throw new Refusal("unauthenticated", fault);
  }
  return takeHint(ctx, { connectionId, model: modelOf(delivery.raw) });
}
