import "server-only";
import { sql } from "drizzle-orm";
import { openRegistry } from "@/lib/connectors/registries";
import { isSource } from "@/lib/connectors/systems";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { connectionKey, mayManageConnections } from "./connection";
import { findConnection, targetOf } from "./find";
import { previewSource, type SourcePreview } from "./preview-source";
import { screenLimits } from "./test";

/** Models that a preview looks at; a larger registry is counted as "or more". */
const most = 5_000;
const shown = 20;

export type Preview = {
  brings: "models";
  models: number;
  /** There are more models than the preview looked at. */
  more: boolean;
  /** Models whose record cannot be understood; they are kept apart. */
  unreadable: number;
  /** Null: not known without reading them all. */
  versions: number | null;
  first: { name: string; versions: number | null; inventory: "new" | "taken" | "known" }[];
  /** Models whose name the inventory holds already, from elsewhere: how many, and the first of them. */
  clashes: number;
  taken: { name: string; from: string }[];
};

/** What a first import would bring: counts, the first models by name, and names that the inventory holds already. Writes nothing. */
export const previewImport = query({
  name: "connection.previewed",
  title: "Preview what a connection would import",
  http: { method: "GET", path: "/connections/{id}/preview" },
  input: connectionKey,
  run: async (read, input, actor, now): Promise<Preview | SourcePreview> => {
    insist(mayManageConnections(actor));
    const connection = await findConnection(read, input.id);
    if (isSource(connection.system)) return previewSource(read, connection, connection.system, now);
    const client = await openRegistry(connection.system, targetOf(connection), screenLimits);
    try {
      const { models, more, versions, unreadable = 0 } = await client.outline(most);
      const refs = models.map((m) => m.ref);
      const { rows } = await read.execute<{ ext: string; name: string; ours: boolean; source: string }>(sql`
        select x.id as ext, m.name, m.connection_id is not distinct from ${connection.id}::uuid as ours,
          coalesce(c.name, 'entered by hand') as source
        from jsonb_to_recordset(${JSON.stringify(refs)}::jsonb) as x(id text, name text)
        join model m on (m.connection_id = ${connection.id} and m.external_id = x.id) or m.name = x.name
        left join connection c on c.id = m.connection_id`);
      const known = new Set(rows.flatMap((r) => (r.ours ? [r.ext] : [])));
      const taken = new Map(rows.flatMap((r) => (r.ours ? [] : [[r.ext, { name: r.name, from: r.source }] as const])));
      const clashes = [...taken].flatMap(([id, t]) => (known.has(id) ? [] : [t]));
      return {
        brings: "models",
        models: models.length,
        more,
        unreadable,
        versions,
        first: models.slice(0, shown).map((m) => ({
          name: m.ref.name,
          versions: m.versions,
          inventory: known.has(m.ref.id) ? "known" : taken.has(m.ref.id) ? "taken" : "new",
        })),
        clashes: clashes.length,
        taken: clashes.slice(0, shown),
      };
    } finally {
      client.close();
    }
  },
});
