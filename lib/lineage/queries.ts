import "server-only";
import { sql } from "drizzle-orm";
import { isUuid } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findModel, findVersion } from "@/lib/models/find";
import { seenModels } from "@/lib/models/visible";
import {
  type LineageEdge,
  type LineageGraph,
  type LineageNode,
  lineageInput,
  mostNodes,
  type NodeKind,
} from "./lineage";

type RawEdge = { fk: string; fi: string; fn: string; tk: string; ti: string; tn: string };
type RawVersion = {
  id: string;
  model: string;
  version: string;
  digest: string | null;
  aliases: string[];
  environments: string[] | null;
  visible: boolean;
};

/** Steps that are followed each way; data, run and version are two. */
const maxDepth = 6;

/**
 * What lies before and after a model, a version or a dataset: datasets, runs, versions and where they serve. Both directions in one
 * recursive statement over two covering indexes; cut at `mostNodes` with `truncated` set. Versions of models that the actor may not
 * see count as seen but show no name.
 */
export const lineageGraph = query({
  name: "lineage.read",
  title: "Read lineage",
  http: { method: "GET", path: "/lineage" },
  input: lineageInput,
  run: async (read, input, actor): Promise<LineageGraph> => {
    const seen = seenModels(actor);
    let start: { kind: NodeKind; ids: string[] };
    let more = false;
    if (input.dataset) start = { kind: "dataset", ids: [input.dataset] };
    else if (input.model) {
      const model = await findModel(read, input.model, actor);
      if (input.version) start = { kind: "version", ids: [(await findVersion(read, model, input.version)).id] };
      else {
        const { rows } = await read.execute<{ id: string }>(
          sql`select id from model_version where model_id = ${model.id} order by registered_at desc, id desc limit 61`,
        );
        more = rows.length > 60;
        start = { kind: "version", ids: rows.slice(0, 60).map((r) => r.id) };
      }
    } else
      throw new Refusal("invalid", "model: name a model or a dataset.", [
        { field: "model", message: "Name a model or a dataset." },
      ]);

    const ids = `{${start.ids.map((id) => JSON.stringify(id)).join(",")}}`;
    const { rows } = await read.execute<RawEdge>(sql`
      with recursive up(kind, id, depth) as (
        select ${start.kind}::text, x, 0 from unnest(${ids}::text[]) x
        union
        select e.from_kind, e.from_id, up.depth + 1 from up join lineage_edge e on e.to_kind = up.kind and e.to_id = up.id where up.depth < ${maxDepth}
      ), down(kind, id, depth) as (
        select ${start.kind}::text, x, 0 from unnest(${ids}::text[]) x
        union
        select e.to_kind, e.to_id, down.depth + 1 from down join lineage_edge e on e.from_kind = down.kind and e.from_id = down.id where down.depth < ${maxDepth}
      ), touched as (
        (select distinct e.id from up join lineage_edge e on e.to_kind = up.kind and e.to_id = up.id limit ${mostNodes * 2})
        union
        (select distinct e.id from down join lineage_edge e on e.from_kind = down.kind and e.from_id = down.id limit ${mostNodes * 2})
      )
      select e.from_kind as fk, e.from_id as fi, e.from_name as fn, e.to_kind as tk, e.to_id as ti, e.to_name as tn
      from touched t join lineage_edge e on e.id = t.id`);
    const versionIds = new Set(start.kind === "version" ? start.ids : []);
    for (const e of rows) {
      if (e.fk === "version" && isUuid(e.fi)) versionIds.add(e.fi);
      if (e.tk === "version" && isUuid(e.ti)) versionIds.add(e.ti);
    }
    const { rows: versions } = await read.execute<RawVersion>(sql`
      select v.id, m.name as model, v.version, v.digest, v.aliases,
        (select array_agg(d.environment order by d.environment) from deployment d
          where d.model_id = v.model_id and d.version_id = v.id and d.until is null) as environments,
        ${seen} as visible
      from model_version v join model m on m.id = v.model_id where v.id = any(${`{${[...versionIds].join(",")}}`}::uuid[])`);
    return build(rows, versions, start, more);
  },
});

function build(
  rows: readonly RawEdge[],
  versions: readonly RawVersion[],
  start: { kind: NodeKind; ids: string[] },
  more: boolean,
): LineageGraph {
  const nodes = new Map<string, LineageNode>();
  const edges: LineageEdge[] = [];
  let truncated = more;
  const add = (node: Omit<LineageNode, "key" | "origin">): string | null => {
    const key = `${node.kind}:${node.id}`;
    if (nodes.has(key)) return key;
    if (nodes.size >= mostNodes) {
      truncated = true;
      return null;
    }
    nodes.set(key, { ...node, key, origin: node.kind === start.kind && start.ids.includes(node.id) });
    return key;
  };
  const known = new Map(versions.map((v) => [v.id, v]));
  const version = (id: string): string | null => {
    const v = known.get(id);
    if (!v) return null;
    if (!v.visible)
      return add({ kind: "version", id, name: "another unit's model", detail: "not yours to see", href: null });
    if (nodes.has(`version:${id}`)) return `version:${id}`;
    const path = `/models/${encodeURIComponent(v.model)}`;
    const key = add({
      kind: "version",
      id,
      name: `${v.model} ${v.version}`,
      detail: v.digest ? `sha256:${v.digest.slice(0, 6)}…${v.digest.slice(-4)}` : "no digest",
      href: `${path}/versions/${encodeURIComponent(v.version)}`,
    });
    if (!key) return null;
    const places = [
      ...(v.environments ?? []).map((e) => ({ name: e, detail: `serves ${v.model} ${v.version}` })),
      ...v.aliases.map((a) => ({ name: `@${a}`, detail: `alias on ${v.version}` })),
    ];
    for (const place of places) {
      const to = add({
        kind: "serving",
        id: `${id}:${place.name}`,
        name: place.name,
        detail: place.detail,
        href: path,
      });
      if (to) edges.push({ from: key, to });
    }
    return key;
  };
  const node = (kind: string, id: string, name: string): string | null => {
    if (kind === "version") return version(id);
    if (kind === "dataset")
      return add({
        kind,
        id,
        name,
        detail: id.split("#").at(-1) ?? "",
        href: `/lineage?dataset=${encodeURIComponent(id)}`,
      });
    if (kind === "run") return add({ kind, id, name, detail: id.slice(0, 8), href: null });
    return null;
  };
  for (const id of start.kind === "version" ? start.ids : []) version(id);
  for (const e of rows) {
    const from = node(e.fk, e.fi, e.fn);
    const to = node(e.tk, e.ti, e.tn);
    if (from && to && !edges.some((x) => x.from === from && x.to === to)) edges.push({ from, to });
  }
  return { nodes: [...nodes.values()], edges, truncated };
}
