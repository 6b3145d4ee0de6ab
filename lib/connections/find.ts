import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { connections } from "@/db/schema/models";
import { sourceFiles } from "@/db/schema/sources";
import { portalSealer } from "@/lib/config/seal";
import type { Target } from "@/lib/connectors/registry";
import type { SourceFile } from "@/lib/connectors/source";
import { Refusal } from "@/lib/core/refusal";

export type Connection = typeof connections.$inferSelect;

/** A connection that was not removed, or not_found. */
export async function findConnection(read: Reader, id: string): Promise<Connection> {
  const [row] = await read
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), isNull(connections.removedAt)));
  if (!row) throw new Refusal("not_found", "There is no such connection, or it was removed.");
  return row;
}

const placeOf = (id: string): string => `connection:${id}`;

/** Seals a secret to its connection, so that it opens nowhere else. */
export const sealSecret = (id: string, secret: string): Buffer => portalSealer().seal(secret, placeOf(id));

/** Opens what was sealed to a connection. */
export const unsealSecret = (id: string, sealed: Buffer): string => portalSealer().unseal(sealed, placeOf(id));

/** Where the connection's server is and how to sign in. */
export const targetOf = (
  c: Pick<Connection, "id" | "baseUrl" | "auth" | "username" | "secret" | "settings">,
): Target => ({
  baseUrl: c.baseUrl,
  auth: c.auth,
  username: c.username,
  secret: c.secret ? unsealSecret(c.id, c.secret) : null,
  settings: c.settings,
});

/** The files of definitions that were uploaded for a source of facts, by name. */
export const filesOf = (read: Reader, connectionId: string): Promise<SourceFile[]> =>
  read
    .select({ name: sourceFiles.name, content: sourceFiles.content, commit: sourceFiles.gitCommit })
    .from(sourceFiles)
    .where(eq(sourceFiles.connectionId, connectionId))
    .orderBy(sourceFiles.name);
