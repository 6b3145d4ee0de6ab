import Link from "@/components/ui/link";
import { Meter, Readiness } from "@/components/ui/meter";
import type { Column, Row } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { asOfParam, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { kindName, platformName, servingName, stageName } from "@/lib/models/model";
import type { ModelRow } from "@/lib/models/row";
import { GateWord } from "./gate-word";

export const modelHref = (name: string, asOf?: Date): string =>
  withParams(`/models/${encodeURIComponent(name)}`, {}, asOfParam(asOf));

export const modelColumns: readonly (Column & { label?: string })[] = [
  { id: "name", name: "Name" },
  { id: "unit", name: "Business unit" },
  { id: "owner", name: "Owner" },
  { id: "tier", name: "Tier and driver" },
  { id: "kind", name: "Kind" },
  { id: "serving", name: "Serving" },
  { id: "platform", name: "Platform" },
  { id: "stage", name: "Stage" },
  { id: "readiness", name: "Readiness" },
  { id: "release", name: "Released", label: "Last release" },
  { id: "gate", name: "Gate" },
];

/** Long values give way to the gate's answer at the right edge; the whole value is the title. */
const cap = (text: string, width: number) => (
  <span className="cap" style={{ maxWidth: width }} title={text}>
    {text}
  </span>
);

const nobody = (text: string) => <span className="mut">{text}</span>;

/** A model in the list, and as a card on small screens. */
export function modelTableRow(m: ModelRow, asOf?: Date): Row {
  const kind = m.method || (m.kind ? kindName[m.kind] : null);
  return {
    id: m.name,
    cells: {
      name: (
        <Link href={modelHref(m.name, asOf)} className="b">
          {m.name}
        </Link>
      ),
      unit: m.businessUnit ? cap(m.businessUnit.name, 96) : nobody("no unit"),
      owner: m.owner ? cap(m.owner.name, 100) : nobody("nobody"),
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
    card: <ModelCard model={m} asOf={asOf} />,
  };
}

function ModelCard({ model: m, asOf }: { model: ModelRow; asOf?: Date }) {
  const counts = m.readiness;
  return (
    <>
      <div className="row">
        <Link href={modelHref(m.name, asOf)} className="b">
          {m.name}
        </Link>
        <span className="sp" />
        <TierChip tier={m.tier} provisional={m.tierProvisional} />
      </div>
      <div className="ink2 l2">
        {m.businessUnit?.name ?? "No business unit"}, {m.owner?.name ?? "no owner"}. {stageName[m.stage]}.
      </div>
      <div className="row" style={{ marginTop: 8 }}>
        <Meter counts={counts ?? { pass: 0, fail: 0, unknown: 0, waived: 0 }} />
        <span className="l2">
          {counts
            ? `${counts.pass}/${counts.total}${counts.unknown ? `, ${counts.unknown} unknown` : ""}`
            : "not assessed"}
        </span>
      </div>
      <div className="row ft">
        <GateWord gate={m.gate} />
        <span className="sp" />
        <span className="mut">
          Last release <When at={m.lastReleaseAt} />
        </span>
      </div>
    </>
  );
}
