import "server-only";
import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { idempotencyKeys } from "@/db/schema/org";
import type { Ctx } from "./command";
import { Refusal } from "./refusal";

const hashOf = (name: string, raw: unknown): Buffer =>
  createHash("sha256")
    .update(`${name}\n${JSON.stringify(raw)}`)
    .digest();

/** The answer given earlier to the same key and input; refuses a key that comes back with other input. */
export async function replay(tx: Tx, ctx: Ctx, name: string, raw: unknown): Promise<{ answer: unknown } | null> {
  if (!ctx.idempotencyKey) return null;
  const [row] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.actorId, ctx.actor.id), eq(idempotencyKeys.key, ctx.idempotencyKey)));
  if (!row) return null;
  if (!row.requestHash.equals(hashOf(name, raw))) {
    throw new Refusal("conflict", "This Idempotency-Key was used for a different request. Use a new key.", [
      { field: "Idempotency-Key", message: "Used for a different request." },
    ]);
  }
  return { answer: JSON.parse(row.body) };
}

/** Keeps the answer in the command's transaction, so that a key is used exactly when its write is done. */
export async function remember(tx: Tx, ctx: Ctx, name: string, raw: unknown, answer: unknown): Promise<void> {
  if (!ctx.idempotencyKey) return;
  await tx.insert(idempotencyKeys).values({
    actorId: ctx.actor.id,
    key: ctx.idempotencyKey,
    requestHash: hashOf(name, raw),
    status: 200,
    body: JSON.stringify(answer ?? null),
    createdAt: ctx.now(),
  });
}
