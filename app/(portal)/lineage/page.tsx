import type { Metadata } from "next";
import { LineageDrawing } from "@/components/models/lineage-graph";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SearchBox } from "@/components/ui/search-box";
import { Table } from "@/components/ui/table";
import { pageContext } from "@/lib/auth/context";
import { type LineageNode, mostNodes, nodeKindName } from "@/lib/lineage/lineage";
import { lineageGraph } from "@/lib/lineage/queries";
import { orNotFound } from "@/lib/models/or-not-found";
import { modelList } from "@/lib/models/queries";

export const metadata: Metadata = { title: "Lineage" };

type Search = { model?: string; version?: string; dataset?: string; q?: string };

export default async function LineagePage({ searchParams }: { searchParams: Promise<Search> }) {
  const { model, version, dataset, q } = await searchParams;
  const ctx = await pageContext();
  if (!model && !dataset) {
    const { models, total } = await modelList(ctx, { order: "name", limit: 30, ...(q ? { q } : {}) });
    return (
      <Page>
        <PageHead title="Lineage" lede="From data through runs to versions and where they serve. Choose a model." />
        <div style={{ margin: "12px 0" }}>
          <SearchBox label="Name of a model" />
        </div>
        <Table
          label="Models"
          columns={[
            { id: "name", name: "Model" },
            { id: "unit", name: "Business unit" },
            { id: "source", name: "Source" },
          ]}
          empty={<Empty title="No model matches">Search for part of its name.</Empty>}
          rows={models.map((m) => ({
            id: m.id,
            cells: {
              name: (
                <Link className="b" href={`/lineage?model=${encodeURIComponent(m.name)}`}>
                  {m.name}
                </Link>
              ),
              unit: m.businessUnit?.name ?? <span className="mut">no unit</span>,
              source: m.source ?? "entered by hand",
            },
          }))}
        />
        {total > models.length ? (
          <p className="mut">
            {models.length} of {total} models. Search to find another.
          </p>
        ) : null}
      </Page>
    );
  }
  const graph = await orNotFound(lineageGraph(ctx, dataset ? { dataset } : { model, ...(version ? { version } : {}) }));
  const title = dataset ? (dataset.split("#")[0] ?? dataset) : `${model}${version ? ` ${version}` : ""}`;
  const { up, down } = impact(graph.nodes, graph.edges);
  const versions = graph.nodes.filter((n) => n.kind === "version").length;
  return (
    <Page>
      <PageHead
        title={`Lineage of ${title}`}
        lede={
          dataset
            ? `${versions} version${versions === 1 ? "" : "s"} trained on this data.`
            : "Data to the left, where it serves to the right."
        }
        actions={
          <Link href="/lineage" className="btn">
            Another model
          </Link>
        }
      />
      {graph.truncated ? (
        <Notice tone="care">
          Truncated: there is more than the {mostNodes} things drawn here. Open one version to see all of its lineage.
        </Notice>
      ) : null}
      {graph.nodes.length === 0 ? (
        <Empty title="Nothing is recorded">
          Lineage comes from a registry's runs. This one has none, so what feeds it is unknown.
        </Empty>
      ) : (
        <>
          <LineageDrawing graph={graph} />
          <Section title="Depends on" note={`${up.length} upstream`}>
            <Impact nodes={up} none="No dataset or run is recorded. That is unknown, not none." />
          </Section>
          <Section title="Affects" note={`${down.length} downstream`}>
            <Impact nodes={down} none="Nothing downstream is recorded." />
          </Section>
        </>
      )}
    </Page>
  );
}

function Impact({ nodes, none }: { nodes: readonly LineageNode[]; none: string }) {
  if (nodes.length === 0) return <p className="mut">{none}</p>;
  return (
    <Table
      label="Nodes"
      columns={[
        { id: "kind", name: "Kind", width: 120 },
        { id: "name", name: "Name" },
        { id: "detail", name: "Detail" },
      ]}
      rows={nodes.map((n) => ({
        id: n.key,
        cells: {
          kind: nodeKindName[n.kind],
          name: n.href ? <Link href={n.href}>{n.name}</Link> : n.name,
          detail: <span className="mono">{n.detail}</span>,
        },
      }))}
    />
  );
}

/** What lies before and what lies behind the nodes one asked about. */
function impact(nodes: readonly LineageNode[], edges: readonly { from: string; to: string }[]) {
  const byKey = new Map(nodes.map((n) => [n.key, n]));
  const reach = (from: "from" | "to", to: "from" | "to"): LineageNode[] => {
    const seen = new Set(nodes.filter((n) => n.origin).map((n) => n.key));
    const queue = [...seen];
    const out: LineageNode[] = [];
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      for (const e of edges) {
        const next = e[to];
        if (e[from] !== key || seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
        const node = byKey.get(next);
        if (node) out.push(node);
      }
    }
    return out;
  };
  return { up: reach("to", "from"), down: reach("from", "to") };
}
