import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import type { FollowingRow } from "@/lib/patterns/reads";
import { type Conformance, Conforms } from "./conforms";

/** Models or use cases that follow a pattern now; models with their tier and how they conform. */
export function Following({
  of,
  rows,
  conforms,
}: {
  of: "model" | "use_case";
  rows: readonly FollowingRow[];
  /** By name of model. */
  conforms?: ReadonlyMap<string, Conformance>;
}) {
  const models = of === "model";
  const noun = models ? "Model" : "Use case";
  const link = (row: FollowingRow) => (
    <Link href={models ? `/models/${encodeURIComponent(row.key)}` : `/portfolio/use-cases/${row.key}/pattern`}>
      {row.name}
    </Link>
  );
  return (
    <Table
      label={`${noun}s that follow this pattern`}
      empty={<Empty title={`No ${noun.toLowerCase()} follows it yet.`} />}
      columns={[
        { id: "name", name: noun },
        ...(models ? [{ id: "tier", name: "Tier" }] : []),
        { id: "unit", name: "Business unit" },
        { id: "owner", name: "Owner" },
        { id: "version", name: "Version", num: true },
        ...(models ? [{ id: "conformance", name: "Conformance" }] : []),
        { id: "dev", name: "Deviations" },
        { id: "since", name: "Since" },
      ]}
      rows={rows.map((row) => ({
        id: row.key,
        cells: {
          name: link(row),
          tier: <TierChip tier={row.tier} />,
          unit: row.unit ?? <span className="mut">none</span>,
          owner: row.ownerName ?? <span className="mut">nobody</span>,
          version: row.version,
          conformance: <Conforms of={conforms?.get(row.key)} />,
          dev: row.deviations || <span className="mut">none</span>,
          since: <When at={row.adoptedAt} />,
        },
        card: (
          <>
            {link(row)} {models ? <TierChip tier={row.tier} /> : null}
            <div className="lbl">
              version {row.version}, {row.unit ?? "no unit"} {models ? <Conforms of={conforms?.get(row.key)} /> : null}
            </div>
          </>
        ),
      }))}
    />
  );
}
