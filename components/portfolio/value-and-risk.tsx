import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import type { MapPoint } from "@/lib/models/outlook";
import { Count, eur, num, type Then } from "./count";
import { ValueRiskMap } from "./value-risk-map";

/** The map of value and risk, what has no place on it, and all of it as a table. */
export function ValueAndRisk({ points, then }: { points: readonly MapPoint[]; then: Then }) {
  const placed = points.flatMap((p) =>
    p.valueEur !== null && p.valueEur > 0 && p.score !== null
      ? [{ ...p, value: p.valueEur, score: p.score, href: then(`/portfolio/use-cases/${p.ref}`) }]
      : [],
  );
  const unplaced = points.filter((p) => !placed.some((one) => one.ref === p.ref));
  return (
    <Section
      title="Value and risk"
      note="One ring per use case; the number is its strictest tier, dashed while nothing is live"
    >
      {placed.length > 0 ? (
        <ValueRiskMap points={placed} />
      ) : (
        <p className="lbl">No use case has both a value and a scored model yet.</p>
      )}
      {unplaced.length > 0 ? (
        <div className="unplaced row">
          <Status state="unknown" word={`${num(unplaced.length)} not placed`} />
          <ul className="lbl" aria-label="Use cases without a place on the map">
            {unplaced.slice(0, 12).map((p) => (
              <li key={p.ref}>
                <Link href={then(`/portfolio/use-cases/${p.ref}`)}>{p.name}</Link> (
                {p.valueEur === null ? "no value given" : "no scored model"})
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <details style={{ marginTop: 8 }}>
        <summary>The map as a table</summary>
        <Table
          label="Use cases by value and risk"
          columns={[
            { id: "name", name: "Use case" },
            { id: "unit", name: "Business unit" },
            { id: "value", name: "Value a year", num: true },
            { id: "score", name: "Highest score", num: true },
            { id: "tier", name: "Tier" },
            { id: "models", name: "Models", num: true },
            { id: "live", name: "Live", num: true },
          ]}
          rows={points.map((p) => ({
            id: p.ref,
            cells: {
              name: <Link href={then(`/portfolio/use-cases/${p.ref}`)}>{p.name}</Link>,
              unit: p.unit,
              value: p.valueEur === null ? <span className="mut">not given</span> : eur(p.valueEur),
              score: p.score === null ? <span className="mut">not scored</span> : p.score.toFixed(1),
              tier: <TierChip tier={p.tier} />,
              models: <Count n={p.models} href={then(`/models?useCase=${p.ref}`)} />,
              live: <Count n={p.live} href={then(`/models?useCase=${p.ref}&stage=live`)} />,
            },
          }))}
        />
      </details>
    </Section>
  );
}
