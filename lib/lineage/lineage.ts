import { z } from "zod";

/** Kinds of things that lineage connects, in the order data flows. */
export const nodeKinds = ["dataset", "run", "version", "serving"] as const;
export type NodeKind = (typeof nodeKinds)[number];

export const nodeKindName: Record<NodeKind, string> = {
  dataset: "Dataset",
  run: "Run",
  version: "Version",
  serving: "Serves",
};

export type LineageNode = {
  /** `kind:id`, unique in the graph. */
  key: string;
  kind: NodeKind;
  id: string;
  name: string;
  /** One line beneath the name. */
  detail: string;
  href: string | null;
  /** Whether one asked about this node. */
  origin: boolean;
};

export type LineageEdge = { from: string; to: string };

export type LineageGraph = {
  nodes: readonly LineageNode[];
  edges: readonly LineageEdge[];
  /** True when there is more than is shown. */
  truncated: boolean;
};

/** Nodes that are drawn at most. */
export const mostNodes = 300;

export const lineageInput = z.strictObject({
  /** A model's whole lineage, or with `version` that of one version. */
  model: z.string().min(1).max(400).optional(),
  version: z.string().min(1).max(120).optional(),
  /** A dataset by its id in the graph: everything trained on it. */
  dataset: z.string().min(1).max(600).optional(),
});
