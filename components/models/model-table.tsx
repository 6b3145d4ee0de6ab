"use client";
import type { ReactNode } from "react";
import { DataTable } from "@/components/ui/data-table";
import Link from "@/components/ui/link";
import { Readiness } from "@/components/ui/meter";
import type { Column, Row } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { kindName, platformName, servingName, stageName } from "@/lib/models/model";
import type { ModelRow } from "@/lib/models/row";
import { GateWord } from "./gate-word";
import { modelHref } from "./model-href";

/** What the list shows of a model. */
export type ModelLine = Pick<
  ModelRow,
  | "name"
  | "kind"
  | "method"
  | "servingType"
  | "platform"
  | "stage"
  | "tier"
  | "tierProvisional"
  | "tierDriver"
  | "source"
  | "readiness"
  | "lastReleaseAt"
  | "gate"
  | "vanishedAt"
> & { unit: string | null; owner: string | null };

const columns: readonly (Column & { label?: string })[] = [
  { id: "name", name: "Name", place: "title" },
  { id: "unit", name: "Business unit", place: "line" },
  { id: "owner", name: "Owner", place: "line" },
  { id: "tier", name: "Tier and driver", place: "mark" },
  { id: "kind", name: "Kind" },
  { id: "serving", name: "Serving" },
  { id: "platform", name: "Platform" },
  { id: "stage", name: "Stage", place: "line" },
  { id: "readiness", name: "Readiness", place: "wide" },
  { id: "release", name: "Released", label: "Last release", place: "end" },
  { id: "gate", name: "Gate", place: "foot" },
];

/** Long values give way to the gate's answer at the right edge; the whole value is the title. */
const cap = (text: string, width: number) => (
  <span className="cap" style={{ maxWidth: width }} title={text}>
    {text}
  </span>
);

const nobody = (text: string) => <span className="mut">{text}</span>;

function modelTableRow(m: ModelLine, asOf: Date | undefined): Row {
  const kind = m.method || (m.kind ? kindName[m.kind] : null);
  return {
    id: m.name,
    cells: {
      name: (
        <Link href={modelHref(m.name, asOf)} className="b">
          {m.name}
        </Link>
      ),
      unit: m.unit ? cap(m.unit, 96) : nobody("no unit"),
      owner: m.owner ? cap(m.owner, 100) : nobody("nobody"),
      tier: (
        <>
          <TierChip tier={m.tier} provisional={m.tierProvisional} />
          {m.tierDriver ? cap(m.tierDriver, 78) : null}
        </>
      ),
      kind: kind ? cap(kind, 78) : nobody("not said"),
      serving: m.servingType ? servingName[m.servingType] : nobody("not said"),
      platform: platformName[m.platform],
      stage: m.vanishedAt ? <span className="mut">{cap(`gone from ${m.source}`, 90)}</span> : stageName[m.stage],
      readiness: <Readiness counts={m.readiness} />,
      release: <When at={m.lastReleaseAt} />,
      gate: <GateWord gate={m.gate} />,
    },
  };
}

/**
 * The list of models. It makes its cells itself, from lines of data: cells that come ready from the server are written twice, as HTML
 * and as what React needs to know of them.
 */
export function ModelTable({
  models,
  asOf,
  sort,
  covers,
  bulk,
  empty,
}: {
  models: readonly ModelLine[];
  asOf: Date | undefined;
  /** Where the headers that sort lead, by column. */
  sort: Readonly<Record<string, NonNullable<Column["sort"]>>>;
  covers: string;
  bulk: ReactNode;
  empty: ReactNode;
}) {
  return (
    <DataTable
      label="Models"
      columns={columns.map((column) => ({ ...column, sort: sort[column.id] }))}
      rows={models.map((m) => modelTableRow(m, asOf))}
      covers={covers}
      bulk={bulk}
      empty={empty}
    />
  );
}
