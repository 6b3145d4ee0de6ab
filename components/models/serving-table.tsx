import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { type TargetKind, targetKindName } from "@/lib/models/model";

type Served = {
  id: string;
  environment: string;
  version: string;
  target: string;
  targetKind: TargetKind | null;
  region: string;
  percent: number;
  since: Date;
  source: string;
  release: string | null;
};

/** What runs where: every version that serves, with its place, its share of the traffic and the release that allowed it. */
export function ServingTable({ serving }: { serving: readonly Served[] }) {
  if (serving.length === 0)
    return <p className="mut">Nothing of this model serves anywhere, as far as was reported.</p>;
  const release = (d: Served) =>
    d.release ? (
      <Link href={`/releases/${d.release}`}>{d.release}</Link>
    ) : d.environment === "prod" ? (
      <Status state="fail" word="No release" />
    ) : (
      <span className="mut">none needed</span>
    );
  return (
    <Table
      label="What runs where"
      columns={[
        { id: "environment", name: "Environment" },
        { id: "version", name: "Version" },
        { id: "target", name: "Endpoint or job" },
        { id: "region", name: "Region" },
        { id: "percent", name: "Traffic", num: true },
        { id: "since", name: "Since" },
        { id: "release", name: "Release" },
      ]}
      rows={serving.map((d) => ({
        id: d.id,
        cells: {
          environment: d.environment,
          version: <b>{d.version}</b>,
          target: d.target ? (
            <>
              <span className="mono">{d.target}</span>
              {d.targetKind ? <span className="mut"> {targetKindName[d.targetKind].toLowerCase()}</span> : null}
            </>
          ) : (
            <span className="mut">not said by {d.source}</span>
          ),
          region: d.region || <span className="mut">not said</span>,
          percent: `${d.percent} %`,
          since: <When at={d.since} />,
          release: release(d),
        },
        card: (
          <>
            <b>{d.version}</b> in {d.environment}, {d.percent} % of the traffic
            <div className="ink2">
              {d.target || "place not said"}
              {d.region ? `, ${d.region}` : ""}, since <When at={d.since} />. {release(d)}
            </div>
          </>
        ),
      }))}
    />
  );
}
