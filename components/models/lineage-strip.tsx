import { ArrowRight, Box, Database, Play, Radio } from "lucide-react";
import Link from "@/components/ui/link";
import type { LineageGraph, LineageNode, NodeKind } from "@/lib/lineage/lineage";

const icons = { dataset: Database, run: Play, version: Box, serving: Radio };
const words: Record<NodeKind, [string, string]> = {
  dataset: ["Dataset", "No dataset recorded"],
  run: ["Run", "No run recorded"],
  version: ["Version", "No version"],
  serving: ["Serves", "Serves nowhere"],
};

/** One version's lineage as four boxes: data, run, version, where it serves. What nobody recorded is dashed. */
export function LineageStrip({ graph }: { graph: LineageGraph }) {
  return (
    <div className="lin">
      {(["dataset", "run", "version", "serving"] as const).map((kind, i) => (
        <StripBox
          key={kind}
          kind={kind}
          nodes={graph.nodes.filter((n) => n.kind === kind && (kind !== "version" || n.origin))}
          first={i === 0}
        />
      ))}
    </div>
  );
}

function StripBox({ kind, nodes, first }: { kind: NodeKind; nodes: readonly LineageNode[]; first: boolean }) {
  const Icon = icons[kind];
  const [node] = nodes;
  return (
    <>
      {first ? null : (
        <span className="ar">
          <ArrowRight className="i" aria-hidden="true" />
        </span>
      )}
      <div className={node ? "n" : "n gap"}>
        <div className="k">
          <Icon className="i s12" aria-hidden="true" />
          {words[kind][0]}
        </div>
        <div className="v">
          {node ? node.href ? <Link href={node.href}>{node.name}</Link> : node.name : words[kind][1]}
        </div>
        <div className="s">
          {node ? node.detail : "unknown"}
          {nodes.length > 1 ? `, and ${nodes.length - 1} more` : ""}
        </div>
      </div>
    </>
  );
}
