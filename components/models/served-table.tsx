import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";

type Served = {
  id: string;
  endpoint: string;
  kind: "endpoint" | "job";
  region: string | null;
  version: string;
  known: boolean;
  traffic: number | null;
  state: string;
  connection: string;
  lastSeenAt: Date;
};

/** What the model's platform itself says it serves; which environment an endpoint belongs to, a platform does not know. */
export function ServedTable({ served }: { served: readonly Served[] }) {
  const version = (s: Served) =>
    s.known ? (
      <b>{s.version}</b>
    ) : (
      <>
        <b>{s.version || "not said"}</b> <Status state="fail" word="Not in the inventory" />
      </>
    );
  const traffic = (s: Served) => (s.traffic === null ? <span className="mut">not split</span> : `${s.traffic} %`);
  return (
    <Table
      label="As the platform tells it"
      columns={[
        { id: "endpoint", name: "Endpoint or job" },
        { id: "version", name: "Version" },
        { id: "region", name: "Region" },
        { id: "traffic", name: "Traffic", num: true },
        { id: "state", name: "State there" },
        { id: "seen", name: "Last read" },
      ]}
      rows={served.map((s) => ({
        id: s.id,
        cells: {
          endpoint: (
            <>
              <span className="mono">{s.endpoint}</span>
              {s.kind === "job" ? <span className="mut"> job</span> : null}
            </>
          ),
          version: version(s),
          region: s.region ?? <span className="mut">not said</span>,
          traffic: traffic(s),
          state: s.state,
          seen: (
            <>
              <When at={s.lastSeenAt} /> <span className="mut">by {s.connection}</span>
            </>
          ),
        },
        card: (
          <>
            <span className="mono">{s.endpoint}</span> serves {version(s)}, {traffic(s)}
            <div className="ink2">
              {s.region ?? "region not said"}, {s.state}, read <When at={s.lastSeenAt} /> by {s.connection}
            </div>
          </>
        ),
      }))}
    />
  );
}
