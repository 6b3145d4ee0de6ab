import type { Metadata } from "next";
import { CycleChart } from "@/components/kpis/cycle-chart";
import { KpiPair, KpiTile } from "@/components/ui/kpi-tile";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { PrintButton } from "@/components/ui/print-button";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { show } from "@/lib/kpis/present";
import { kpiBoard, kpiDetail } from "@/lib/kpis/queries";

export const metadata: Metadata = { title: "KPIs" };

/** Tiles that hold each other honest (governance.md 5.2), by KPI number. */
const pairs: readonly { question: string; tiles: readonly [number, number] }[] = [
  { question: "Does shipping more often break more?", tiles: [5, 4] },
  { question: "Do we decide in time, and on what is ready?", tiles: [2, 3] },
  { question: "Are patterns followed, and do people like it?", tiles: [1, 16] },
  { question: "Does saving money cost service?", tiles: [12, 7] },
];

export default async function KpisPage({ searchParams }: { searchParams: Promise<{ unit?: string }> }) {
  const { unit } = await searchParams;
  const ctx = await pageContext();
  const [board, cycle] = await Promise.all([
    kpiBoard(ctx, unit ? { unit } : {}),
    kpiDetail(ctx, { kpi: "2", ...(unit ? { unit } : {}) }),
  ]);
  const byNumber = new Map(board.kpis.map((k) => [k.kpi.n, k]));
  const counts = { met: 0, missed: 0, cannot_tell: 0, not_measured: 0 };
  for (const { kpi, result } of board.kpis) counts[show(result, kpi.target, kpi.unit === "%").state]++;
  const paired = new Set(pairs.flatMap((p) => p.tiles));
  const rest = board.kpis.filter((k) => !paired.has(k.kpi.n));
  const query = unit ? `?unit=${encodeURIComponent(unit)}` : "";
  const shortScopes = board.units.filter((u) => u.parentId !== null);

  const tile = (n: number) => {
    const view = byNumber.get(n);
    if (!view) return null;
    const { kpi, result, months } = view;
    const shown = show(result, kpi.target, kpi.unit === "%");
    return (
      <KpiTile
        key={n}
        name={
          <Link href={`/kpis/${kpi.id}${query}`} className="quiet">
            {kpi.name}
          </Link>
        }
        state={shown.state}
        word={shown.word}
        value={shown.value}
        unit={shown.axis ? kpi.unit : ""}
        target={`Target ${kpi.target.text}`}
        range={shown.axis}
        rangeText={shown.rangeText}
        values={[...months.slice(-11).map((m) => m.value), result?.value ?? null]}
        coverage={shown.coverage}
        fresh={result ? <When at={board.asOf} show="relative" /> : "never seen"}
        reason={`Needs: ${kpi.connect}`}
      />
    );
  };

  return (
    <Page name="kpis">
      <PageHead
        title={board.scope.slug ? `KPIs of ${board.scope.name}` : "KPIs"}
        lede={
          <>
            Figures to <When at={board.asOf} />. Each opens with its formula, its range and the rows behind it.
          </>
        }
        actions={
          <>
            <nav className="seg" aria-label="Business unit">
              <Link href="/kpis" className={unit ? undefined : "on"} aria-current={unit ? undefined : "page"}>
                Group
              </Link>
              {shortScopes.map((u) => (
                <Link
                  key={u.slug}
                  href={`/kpis?unit=${u.slug}`}
                  className={unit === u.slug ? "on" : undefined}
                  aria-current={unit === u.slug ? "page" : undefined}
                >
                  {u.name}
                </Link>
              ))}
            </nav>
            <PrintButton />
          </>
        }
      />
      <p className="lead">
        Of {board.kpis.length} measures, <Status state="met" word={`${counts.met} met`} />,{" "}
        <Status state="missed" word={`${counts.missed} missed`} />,{" "}
        <Status state="cannot_tell" word={`${counts.cannot_tell} cannot tell`} /> and{" "}
        <Status state="not_measured" word={`${counts.not_measured} not measured`} />
      </p>
      <div className="pairs">
        {pairs.map(({ question, tiles }) => (
          <KpiPair key={question} question={question}>
            {tiles.map(tile)}
          </KpiPair>
        ))}
      </div>
      <div className="key">
        <span>
          <i className="tgt" />
          Target band
        </span>
        <span>
          <i className="ivk" />
          Low to high, given what is unknown
        </span>
        <span>If the range crosses the edge of the band, the word is “cannot tell”.</span>
      </div>
      <div className="low">
        <CycleChart
          rows={cycle.rows.flatMap((r) =>
            r.at && r.value !== null
              ? [{ at: r.at.toISOString(), days: r.value, open: r.state === "unknown", label: r.label }]
              : [],
          )}
          promise={10}
          months={cycle.months}
        />
        <section>
          <h2>Not measured yet</h2>
          <p className="lbl">A measure without a source has no number here. What to connect for each:</p>
          <ul className="plain lines">
            {rest.map(({ kpi, result }) => (
              <li key={kpi.id}>
                <Link href={`/kpis/${kpi.id}${query}`}>{kpi.name}</Link>
                {result ? null : <span className="lbl"> {kpi.connect}</span>}
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Page>
  );
}
