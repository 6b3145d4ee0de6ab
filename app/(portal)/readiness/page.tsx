import type { Metadata } from "next";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Meter, MeterLegend, Readiness } from "@/components/ui/meter";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Sparkline } from "@/components/ui/sparkline";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { readinessTrend, type Week } from "@/lib/readiness/organisation";
import { leastReady, readinessByUnit } from "@/lib/readiness/queries";
import { orNotFound } from "../not-found-if";
import { ReadinessViews, TierChoice } from "./views";

export const metadata: Metadata = { title: "Readiness" };

export default async function ReadinessOverview({
  searchParams,
}: {
  searchParams: Promise<{ tier?: string; unit?: string }>;
}) {
  const { tier, unit } = await searchParams;
  const ctx = await pageContext();
  const scope = tier ? { tier } : {};
  const { items: units } = await orNotFound(readinessByUnit, ctx, scope);
  const { items: worst } = await orNotFound(leastReady, ctx, { ...scope, ...(unit ? { unit } : {}), limit: 50 });
  const { items: trend } = await readinessTrend(ctx, scope);
  const unitName = units.find((u) => u.unitId === unit)?.unit;
  const href = (next: { tier?: string; unit?: string }) => `/readiness?${new URLSearchParams(next)}`;

  return (
    <Page name="readiness">
      <PageHead
        title="Readiness"
        lede="What production asks for, by business unit, worst first. Unknown never counts as pass."
        actions={
          <TierChoice tier={tier} href={(t) => href({ ...(t ? { tier: t } : {}), ...(unit ? { unit } : {}) })} />
        }
      />
      <ReadinessViews on="/readiness" tier={tier} />
      <Trend weeks={trend} />
      <Section title="Business units" note={<MeterLegend />}>
        <Table
          label="Readiness by business unit"
          empty={
            <Empty title="No model is in the inventory yet.">
              Connect a registry or register a model, then answer its risk questions.
            </Empty>
          }
          columns={[
            { id: "unit", name: "Business unit" },
            { id: "meter", name: "Required items", width: 260 },
            { id: "pass", name: "Pass", num: true },
            { id: "fail", name: "Fail", num: true },
            { id: "unknown", name: "Unknown", num: true },
            { id: "waived", name: "Waived", num: true },
            { id: "none", name: "Not assessed", num: true },
            { id: "ready", name: "Ready models", num: true },
          ]}
          rows={units.map((u) => ({
            id: u.unitId ?? "none",
            cells: {
              unit: u.unitId ? (
                <Link href={href({ unit: u.unitId, ...(tier ? { tier } : {}) })}>{u.unit}</Link>
              ) : (
                <span className="mut">No business unit</span>
              ),
              meter: <Meter counts={u} />,
              // Nothing assessed is not zero of zero.
              pass: u.total > 0 ? `${u.pass} of ${u.total}` : <span className="mut">not assessed</span>,
              fail: u.total > 0 ? u.fail : "",
              unknown: u.total > 0 ? u.unknown : "",
              waived: u.total > 0 ? u.waived : "",
              none: u.models - u.assessed,
              ready: `${u.ready} of ${u.models}`,
            },
            card: (
              <>
                <b>{u.unit ?? "No business unit"}</b>
                <div className="cardline">
                  <Meter counts={u} />
                </div>
                <div className="lbl">
                  {u.total > 0 ? `${u.pass} of ${u.total} pass, ${u.unknown} unknown` : "not assessed"}; {u.ready} of{" "}
                  {u.models} models ready
                </div>
              </>
            ),
          }))}
        />
      </Section>
      <Section title={unitName ? `Furthest from ready in ${unitName}` : "Furthest from ready"} note="50 at most">
        <Table
          label="Models furthest from ready"
          empty={<Empty title="Every model here passes what production asks for." />}
          columns={[
            { id: "model", name: "Model" },
            { id: "tier", name: "Tier" },
            { id: "unit", name: "Business unit" },
            { id: "owner", name: "Owner" },
            { id: "meter", name: "Readiness", width: 300 },
            { id: "fail", name: "Fail", num: true },
            { id: "at", name: "Assessed" },
          ]}
          rows={worst.map((m) => {
            const counts =
              m.total === null
                ? null
                : { pass: m.pass ?? 0, fail: m.fail ?? 0, unknown: m.unknown ?? 0, waived: m.waived ?? 0 };
            const link = `/models/${encodeURIComponent(m.name)}/readiness`;
            return {
              id: m.name,
              cells: {
                model: <Link href={link}>{m.name}</Link>,
                tier: <TierChip tier={m.tier} />,
                unit: m.unit ?? <span className="mut">none</span>,
                owner: m.ownerName ?? <span className="mut">nobody</span>,
                meter: <Readiness counts={counts} />,
                fail: m.fail ?? <span className="mut">unknown</span>,
                at: <When at={m.at} show="relative" />,
              },
              card: (
                <>
                  <Link href={link}>{m.name}</Link> <TierChip tier={m.tier} />
                  <div className="cardline">
                    <Readiness counts={counts} />
                  </div>
                  <div className="lbl">
                    {m.unit ?? "No business unit"}, {m.ownerName ?? "no owner"}
                  </div>
                </>
              ),
            };
          })}
        />
      </Section>
    </Page>
  );
}

/** Twelve weeks in a line, with the last number and where it came from. Weeks without an assessment are gaps. */
function Trend({ weeks }: { weeks: readonly Week[] }) {
  const shares = weeks.map((w) => (w.total > 0 ? w.met / w.total : null));
  const first = weeks.find((w) => w.total > 0);
  const last = weeks.at(-1);
  if (!first || !last || last.total === 0) return null;
  const percent = (w: Week) => `${((100 * w.met) / w.total).toFixed(1)} %`;
  return (
    <p className="sum">
      <b>{percent(last)}</b> of what is required passes or is waived
      <Sparkline values={shares} />
      <span className="lbl">
        {percent(first)} in the week to <When at={first.week} />; {last.ready} of {last.models} models ready,{" "}
        {first.ready} of {first.models} then
      </span>
    </p>
  );
}
