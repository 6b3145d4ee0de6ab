import "server-only";
import { and, asc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { connections } from "@/db/schema/models";
import { servedVersions } from "@/db/schema/registries";
import { query } from "@/lib/core/query";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";

/** The endpoints and jobs of the model's own platform that serve it, as last read from there; at most 200. */
export const modelServed = query({
  name: "model.served.listed",
  title: "List what the model's platform serves",
  http: { method: "GET", path: "/models/{name}/served" },
  input: z.strictObject({ name: modelKey }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const served = await read
      .select({
        id: servedVersions.id,
        endpoint: servedVersions.endpoint,
        kind: servedVersions.kind,
        region: servedVersions.region,
        version: servedVersions.version,
        /** Whether the inventory has this version. */
        known: servedVersions.versionId,
        traffic: servedVersions.traffic,
        state: servedVersions.state,
        connection: connections.name,
        lastSeenAt: servedVersions.lastSeenAt,
      })
      .from(servedVersions)
      .innerJoin(connections, eq(connections.id, servedVersions.connectionId))
      .where(and(eq(servedVersions.modelId, model.id), isNull(servedVersions.goneAt)))
      .orderBy(asc(servedVersions.endpoint), asc(servedVersions.version))
      .limit(200);
    return { served: served.map((s) => ({ ...s, known: s.known !== null })) };
  },
});
