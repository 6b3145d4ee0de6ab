import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { type Stage, stageName, stages } from "@/lib/models/model";
import type { Portfolio } from "@/lib/models/portfolio";
import { Count, eur, type Then } from "./count";

const tiers = ["1", "2", "3", "4", "none"] as const;
const tierWord = (tier: string): string => (tier === "none" ? "No tier" : `T${tier}`);

/** Business units by tier of their models, and by stage. */
export function ByUnit({
  units,
  releasesSince,
  then,
}: {
  units: Portfolio["units"];
  releasesSince: string;
  then: Then;
}) {
  const usedStages = stages.filter((s) => units.some((u) => (u.stages[s] ?? 0) > 0));
  const of = (slug: string, more = "") => then(`/models?unit=${encodeURIComponent(slug)}${more}`);
  return (
    <>
      <Section title="By business unit and tier" note={`Releases to prod since ${releasesSince}`}>
        <Table
          label="Models by business unit and tier"
          columns={[
            { id: "unit", name: "Business unit" },
            { id: "models", name: "Models", num: true },
            ...tiers.map((t) => ({ id: t, name: tierWord(t), num: true })),
            { id: "live", name: "Live", num: true },
            { id: "owner", name: "No owner", num: true },
            { id: "releases", name: "Releases", num: true },
            { id: "cases", name: "Use cases", num: true },
            { id: "value", name: "Value a year", num: true },
          ]}
          rows={units.map((u) => ({
            id: u.slug,
            cells: {
              unit: (
                <Link className="b" href={of(u.slug)}>
                  {u.name}
                </Link>
              ),
              models: <Count n={u.models} href={of(u.slug)} />,
              ...Object.fromEntries(
                tiers.map((t) => [t, <Count key={t} n={u.tiers[t] ?? 0} href={of(u.slug, `&tier=${t}`)} />]),
              ),
              live: <Count n={u.live} href={of(u.slug, "&stage=live")} />,
              owner: <Count n={u.withoutOwner} href={of(u.slug, "&owner=none")} />,
              releases: <Count n={u.releases} href={`/releases?unit=${encodeURIComponent(u.slug)}`} />,
              cases: <Count n={u.useCases} href={then(`/portfolio/use-cases?unit=${encodeURIComponent(u.slug)}`)} />,
              value: u.valueEur ? (
                <span title={u.unvalued > 0 ? `${u.unvalued} use cases give no value` : undefined}>
                  {eur(Number(u.valueEur))}
                  {u.unvalued > 0 ? <span className="mut"> + {u.unvalued} unknown</span> : null}
                </span>
              ) : (
                <span className="mut">unknown</span>
              ),
            },
            card: (
              <>
                <div className="row">
                  <Link className="b" href={of(u.slug)}>
                    {u.name}
                  </Link>
                  <span className="sp" />
                  {u.models} models
                </div>
                <div className="ink2 l2">
                  {tiers.map((t) => `${tierWord(t)} ${u.tiers[t] ?? 0}`).join(", ")}. {u.live} live, {u.withoutOwner}{" "}
                  without owner.
                </div>
              </>
            ),
          }))}
        />
      </Section>
      <Section title="By business unit and stage">
        <Table
          label="Models by business unit and stage"
          columns={[
            { id: "unit", name: "Business unit" },
            ...usedStages.map((s: Stage) => ({ id: s, name: stageName[s], num: true })),
          ]}
          rows={units.map((u) => ({
            id: u.slug,
            cells: {
              unit: u.name,
              ...Object.fromEntries(
                usedStages.map((s) => [s, <Count key={s} n={u.stages[s] ?? 0} href={of(u.slug, `&stage=${s}`)} />]),
              ),
            },
          }))}
        />
      </Section>
    </>
  );
}
