import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { newId } from "@/lib/core/ids";

/** A thing in the lineage graph: a dataset (id `name#digest` where the digest is known), a run, a version. */
type Node = { kind: "dataset" | "run" | "version"; id: string; name: string };

/** `from` went into `to`, for a model. */
export type Edge = { from: Node; to: Node; modelId: string };

/** What a run read and what came of it: dataset → run → version. */
export function runEdges(
  run: { id: string; name: string },
  datasets: readonly { id: string; name: string }[],
  version: { id: string; name: string; modelId: string },
): Edge[] {
  const node: Node = { kind: "run", ...run };
  const { modelId } = version;
  return [
    ...datasets.map((d): Edge => ({ from: { kind: "dataset", ...d }, to: node, modelId })),
    { from: node, to: { kind: "version", id: version.id, name: version.name }, modelId },
  ];
}

/** Datasets that a registry itself says a version was made from, with no run between. */
export const inputEdges = (
  datasets: readonly { id: string; name: string }[],
  version: { id: string; name: string; modelId: string },
): Edge[] =>
  datasets.map((d) => ({
    from: { kind: "dataset", ...d },
    to: { kind: "version", id: version.id, name: version.name },
    modelId: version.modelId,
  }));

/** Writes edges in one statement; an edge that is known is seen again. Called inside a command, which logs what it read. */
export async function recordEdges(tx: Tx, edges: readonly Edge[], sourceId: string, now: Date): Promise<void> {
  if (edges.length === 0) return;
  const unique = new Map(edges.map((e) => [`${e.from.kind}|${e.from.id}|${e.to.kind}|${e.to.id}`, e]));
  const rows = [...unique.values()].map((e) => ({
    id: newId(),
    fk: e.from.kind,
    fi: e.from.id,
    fn: e.from.name,
    tk: e.to.kind,
    ti: e.to.id,
    tn: e.to.name,
    m: e.modelId,
  }));
  await tx.execute(sql`
    insert into lineage_edge (id, from_kind, from_id, from_name, to_kind, to_id, to_name, model_id, source_id, first_seen_at, last_seen_at)
    select x.id, x.fk, x.fi, x.fn, x.tk, x.ti, x.tn, x.m, ${sourceId}, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, fk text, fi text, fn text, tk text, ti text, tn text, m uuid)
    on conflict (from_kind, from_id, to_kind, to_id) do update set last_seen_at = excluded.last_seen_at`);
}
