import Link from "@/components/ui/link";
import { type LineageGraph, type LineageNode, nodeKindName, nodeKinds } from "@/lib/lineage/lineage";

const width = 220;
const gap = 72;
const height = 48;
const pitch = 60;
const top = 28;

/** Lineage as columns from left to right, with lines between. Drawn on the server; every box with a page is a link. */
export function LineageDrawing({ graph }: { graph: LineageGraph }) {
  const columns = nodeKinds.map((kind) => graph.nodes.filter((n) => n.kind === kind));
  const place = new Map<string, { x: number; y: number }>();
  for (const [c, column] of columns.entries())
    for (const [r, node] of column.entries()) place.set(node.key, { x: c * (width + gap), y: top + r * pitch });
  const tallest = Math.max(1, ...columns.map((c) => c.length));
  const size = { w: nodeKinds.length * width + (nodeKinds.length - 1) * gap, h: top + tallest * pitch };
  return (
    <section className="lg scroll-x" aria-label="Lineage graph">
      <div style={{ position: "relative", width: size.w, height: size.h }}>
        <svg width={size.w} height={size.h} aria-hidden="true" style={{ position: "absolute", inset: 0 }}>
          {graph.edges.map((e) => {
            const a = place.get(e.from);
            const b = place.get(e.to);
            if (!a || !b) return null;
            const [x1, y1, x2, y2] = [a.x + width, a.y + height / 2, b.x, b.y + height / 2];
            const bend = (x2 - x1) / 2;
            return (
              <path
                key={`${e.from} ${e.to}`}
                d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
                fill="none"
                stroke="var(--line-control)"
              />
            );
          })}
        </svg>
        {nodeKinds.map((kind, c) => (
          <div key={kind} className="lbl" style={{ position: "absolute", left: c * (width + gap), top: 0 }}>
            {nodeKindName[kind]}
          </div>
        ))}
        {graph.nodes.map((node) => {
          const at = place.get(node.key);
          return at ? <NodeBox key={node.key} node={node} x={at.x} y={at.y} /> : null;
        })}
      </div>
    </section>
  );
}

function NodeBox({ node, x, y }: { node: LineageNode; x: number; y: number }) {
  const style = {
    position: "absolute",
    left: x,
    top: y,
    width,
    height,
    padding: "5px 10px",
    border: `1px solid var(${node.origin ? "--accent" : "--line-strong"})`,
    borderRadius: "var(--r-2)",
    background: node.origin ? "var(--selected)" : "var(--surface)",
    color: "var(--ink)",
    overflow: "hidden",
    display: "block",
  } as const;
  const inside = (
    <>
      <span className="b" style={line} title={node.name}>
        {node.name}
      </span>
      <span className="mono ink2" style={line} title={node.detail}>
        {node.detail}
      </span>
    </>
  );
  return node.href ? (
    <Link href={node.href} style={style}>
      {inside}
    </Link>
  ) : (
    <div style={style}>{inside}</div>
  );
}

const line = { display: "block", whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" } as const;
