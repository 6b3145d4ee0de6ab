import { Download } from "lucide-react";
import type { Metadata } from "next";
import { Empty } from "@/components/ui/empty";
import { Hatched } from "@/components/ui/hatched";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { show } from "@/lib/kpis/present";
import { kpiDetail } from "@/lib/kpis/queries";

export const metadata: Metadata = { title: "KPI" };

const shownRows = 500;
const words = { met: "Counts", not_met: "Does not count", unknown: "Unknown", excluded: "Excluded" } as const;

export default async function KpiPage({
  params,
  searchParams,
}: {
  params: Promise<{ kpi: string }>;
  searchParams: Promise<{ unit?: string; state?: string }>;
}) {
  const [{ kpi: id }, { unit, state }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const { kpi, result, rows, months, scope, asOf } = await kpiDetail(ctx, { kpi: id, ...(unit ? { unit } : {}) });
  const shown = show(result, kpi.target, kpi.unit === "%");
  const picked = state ? rows.filter((r) => r.state === state) : rows;
  const href = (next: string | null) => {
    const q = new URLSearchParams({ ...(unit ? { unit } : {}), ...(next ? { state: next } : {}) }).toString();
    return `/kpis/${kpi.id}${q ? `?${q}` : ""}`;
  };
  return (
    <Page
      name="kpi"
      aside={
        <>
          <h2>Formula</h2>
          <KeyValues
            items={[
              { key: "Numerator", value: kpi.numerator },
              { key: "Denominator", value: kpi.denominator },
              { key: "Window", value: kpi.window },
              { key: "Target", value: `${kpi.target.text} (${kpi.target.source})` },
              { key: "Missing data", value: kpi.missing },
              { key: "How it is gamed", value: kpi.gaming },
              { key: "Method", value: `version ${kpi.method_version}` },
            ]}
          />
        </>
      }
    >
      <PageHead
        title={kpi.name}
        state={<Status state={shown.state} word={shown.word} tag />}
        lede={
          <>
            {scope.name}, as of <When at={asOf} />.{" "}
            {kpi.family === "compliance" ? "Unknown counts against this figure." : "Headline over what is known."}
          </>
        }
        actions={
          result ? (
            <a className="btn" href={`/kpis/${kpi.id}/rows.csv${unit ? `?unit=${unit}` : ""}`}>
              <Download className="i" aria-hidden="true" />
              Export rows
            </a>
          ) : null
        }
      />
      {result === null ? (
        <Section title="No source connected">
          <Hatched>Not measured</Hatched>
          <p>{kpi.connect}</p>
        </Section>
      ) : (
        <>
          <dl className="facts">
            <div>
              <dt>Value</dt>
              <dd className="big">
                {shown.value} {shown.axis ? kpi.unit : ""}
              </dd>
            </div>
            <div>
              <dt>Low to high</dt>
              <dd>{shown.rangeText || "No range"}</dd>
            </div>
            <div>
              <dt>Coverage</dt>
              <dd>
                {result.coverage === null
                  ? "Nothing in scope"
                  : `${Math.round(100 * result.coverage)} %, ${result.known} of ${result.eligible}`}
              </dd>
            </div>
            <div>
              <dt>Window</dt>
              <dd>
                {result.window.from} to {result.window.to}
              </dd>
            </div>
          </dl>
          <Section title="Unknown and excluded" note="Never counted as good">
            {Object.keys(result.unknownByCause).length + Object.keys(result.excludedByReason).length === 0 ? (
              <p className="lbl">Everything in scope is known, and nothing is left out.</p>
            ) : (
              <ul className="plain lines">
                {Object.entries(result.unknownByCause).map(([why, n]) => (
                  <li key={why}>
                    <Link href={href("unknown")}>
                      {n} unknown: {why}
                    </Link>
                  </li>
                ))}
                {Object.entries(result.excludedByReason).map(([why, n]) => (
                  <li key={why}>
                    <Link href={href("excluded")}>
                      {n} excluded: {why}
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section
            title="Rows"
            id="rows"
            note={
              <>
                <Link href={href(null)} aria-current={state ? undefined : "page"}>
                  All {rows.length}
                </Link>
                {(["met", "not_met", "unknown", "excluded"] as const).map((s) => (
                  <span key={s}>
                    {" "}
                    <Link href={href(s)} aria-current={state === s ? "page" : undefined}>
                      {words[s]} {rows.filter((r) => r.state === s).length}
                    </Link>
                  </span>
                ))}
              </>
            }
          >
            {picked.length === 0 ? (
              <Empty title="No rows here." />
            ) : (
              <div className="scroll">
                <table className="t">
                  <thead>
                    <tr>
                      <th>What</th>
                      <th>Counts as</th>
                      <th>Why</th>
                      <th className="num">Value</th>
                      <th>When</th>
                    </tr>
                  </thead>
                  <tbody>
                    {picked.slice(0, shownRows).map((row) => (
                      <tr key={row.id}>
                        <td>
                          <a href={row.href}>{row.label}</a>
                        </td>
                        <td>{row.state === "unknown" ? <Status state="unknown" /> : words[row.state]}</td>
                        <td>{row.why}</td>
                        <td className="num">
                          {row.value === null ? "" : row.value.toFixed(row.value % 1 === 0 ? 0 : 1)}
                        </td>
                        <td>{row.at ? <When at={row.at} /> : ""}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {picked.length > shownRows ? (
              <p className="lbl">
                The first {shownRows} of {picked.length} rows. The export has all.
              </p>
            ) : null}
          </Section>
          <Section title="Frozen months" note="As they were worked out then">
            {months.length === 0 ? (
              <p className="lbl">No month is frozen yet. Each is frozen on the first day of the next.</p>
            ) : (
              <table className="t">
                <thead>
                  <tr>
                    <th>Month</th>
                    <th className="num">Value</th>
                    <th className="num">Low</th>
                    <th className="num">High</th>
                    <th>Status</th>
                  </tr>
                </thead>
                <tbody>
                  {[...months].reverse().map((m) => (
                    <tr key={m.month}>
                      <td>{m.month}</td>
                      {[m.value, m.low, m.high].map((x, i) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: three fixed columns
                        <td className="num" key={i}>
                          {x === null ? "" : x.toFixed(1)}
                        </td>
                      ))}
                      <td>
                        {m.status === "too_few" ? (
                          <Status state="cannot_tell" word="Too few to tell" />
                        ) : (
                          <Status
                            state={m.status === "met" ? "met" : m.status === "missed" ? "missed" : "cannot_tell"}
                          />
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
