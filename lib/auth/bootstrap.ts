import "server-only";
import type { Db } from "@/db/client";
import type { Secret } from "@/lib/config/secret";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { logLine } from "@/lib/core/log-line";
import { provideToken } from "@/lib/tokens/provide";

/**
 * Makes BOOTSTRAP_TOKEN the token of an administrator service, if no token of this value was ever made here: a revoked one
 * stays revoked, however often the portal starts. Called once at the start, by any number of replicas.
 */
export async function bootstrap(db: Db, token: Secret | null, now: () => Date = () => new Date()): Promise<void> {
  if (!token) return;
  const { id } = await provideToken(
    { db, actor: systemActor, now, requestId: newId() },
    { token: token.reveal(), name: "BOOTSTRAP_TOKEN" },
  );
  if (id) logLine("auth.bootstrap_token.created", { token: id });
}
