import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";

type Record = {
  id: string;
  stream: string;
  externalKey: string;
  reason: string;
  raw: string;
  times: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
};

const streams: Readonly<{ [stream: string]: string }> = {
  models: "Model",
  versions: "Version",
  serving: "Served version",
  runs: "Run",
  facts: "Observation",
};

/** Records that could not be understood, with what is wrong with them and how they came. */
export function Quarantine({ records }: { records: readonly Record[] }) {
  return (
    <Table
      label="Records that could not be read"
      columns={[
        { id: "what", name: "Record" },
        { id: "key", name: "Key" },
        { id: "why", name: "What is wrong" },
        { id: "seen", name: "Seen last" },
        { id: "raw", name: "As it came" },
      ]}
      empty={<p className="mut">Every record could be read.</p>}
      rows={records.map((r) => ({
        id: r.id,
        cells: {
          what: streams[r.stream] ?? r.stream,
          key: <span className="mono wrap">{r.externalKey}</span>,
          why: <span className="wrap">{r.reason}</span>,
          seen: <When at={r.lastSeenAt} show="relative" />,
          raw: (
            <details>
              <summary>Show</summary>
              <pre className="mono wrap">{r.raw}</pre>
            </details>
          ),
        },
      }))}
    />
  );
}
