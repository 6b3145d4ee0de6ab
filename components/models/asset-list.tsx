import Link from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { type AssetRow, assetKindName, dataClassName } from "@/lib/assets/asset";

/** What a model or its versions are made from. */
export function ModelAssets({
  assets,
}: {
  assets: readonly (AssetRow & { version: string | null; assetVersion: string })[];
}) {
  if (assets.length === 0)
    return <p className="mut">Nobody has said which data, features or pipelines it is made from.</p>;
  return (
    <Table
      label="What it is made from"
      columns={[
        { id: "name", name: "Name" },
        { id: "kind", name: "Kind" },
        { id: "class", name: "Data class" },
        { id: "snapshot", name: "Snapshot" },
        { id: "version", name: "For version" },
        { id: "owner", name: "Owner" },
      ]}
      rows={assets.map((a) => ({
        id: `${a.id} ${a.version ?? ""}`,
        cells: {
          name: (
            <Link className="mono" href={`/portfolio/assets/${a.id}`}>
              {a.name}
            </Link>
          ),
          kind: assetKindName[a.kind],
          class: a.dataClass ? dataClassName[a.dataClass] : <span className="mut">not classed</span>,
          snapshot: a.assetVersion || <span className="mut">not said</span>,
          version: a.version ?? "all",
          owner: a.owner?.name ?? <span className="mut">nobody</span>,
        },
      }))}
    />
  );
}
