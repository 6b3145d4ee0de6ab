import type { Metadata } from "next";
import { Figure } from "@/components/portfolio/outlook";
import { ValueRiskMap } from "@/components/portfolio/value-risk-map";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { asOfLink, type Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { kindName, platformName, type Stage, stageName, stages } from "@/lib/models/model";
import { portfolioOutlook, recentDays, stuckAfterDays } from "@/lib/models/outlook";
import { portfolioGet } from "@/lib/models/portfolio";

export const metadata: Metadata = { title: "Portfolio" };

const tiers = ["1", "2", "3", "4", "none"] as const;
const tierWord = (tier: string): string => (tier === "none" ? "No tier" : `T${tier}`);

/** A count that leads to its rows; nothing leads nowhere. */
function Count({ n, href }: { n: number; href: string }) {
  return n > 0 ? <Link href={href}>{n.toLocaleString("en-GB")}</Link> : <span className="mut">0</span>;
}

const num = (n: number): string => n.toLocaleString("en-GB");

const many = (n: number, noun: string): string => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;

const eur = (value: string | null): string =>
  value === null ? "" : `€${Number(value).toLocaleString("en-GB", { maximumFractionDigits: 1, notation: "compact" })}`;

const path = "/portfolio";

export default async function PortfolioPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext(params);
  const { asOf } = ctx;
  // What is read of the past leads to rows of the past.
  const then = (href: string) => asOfLink(href, asOf);
  const [{ units, platforms, withoutUnit, releasesSince }, outlook] = await Promise.all([
    portfolioGet(ctx, {}),
    portfolioOutlook(ctx, {}),
  ]);
  const { totals, points, days } = outlook;
  const placed = points.flatMap((p) =>
    p.valueEur !== null && p.valueEur > 0 && p.score !== null
      ? [{ ...p, value: p.valueEur, score: p.score, href: then(`/portfolio/use-cases/${p.ref}`) }]
      : [],
  );
  const unplaced = points.filter((p) => !placed.some((one) => one.ref === p.ref));
  const stuckHref = then(`/models?stage=development,review,pilot,shadow,retiring&notMovedSince=${days.stuck}`);
  const models = units.reduce((sum, u) => sum + u.models, 0) + withoutUnit;
  const shown = units.filter((u) => u.models > 0 || u.useCases > 0);
  const usedStages = stages.filter((s) => shown.some((u) => (u.stages[s] ?? 0) > 0));
  const of = (slug: string, more = "") => then(`/models?unit=${encodeURIComponent(slug)}${more}`);
  return (
    <Page name="portfolio">
      <AsOfBar path={path} params={params} at={asOf} />
      <PageHead
        title="Portfolio"
        lede={`${many(models, "model")} in ${many(shown.length, "business unit")}. Every number leads to its rows.`}
        actions={
          <>
            <AsOfChoice path={path} params={params} at={asOf} />
            <ButtonLink href="/campaigns">Ownership campaigns</ButtonLink>
            <ButtonLink href="/portfolio/calibration">Calibration</ButtonLink>
            <ButtonLink href={then("/models")}>All models</ButtonLink>
          </>
        }
      />
      {shown.length === 0 ? (
        <Empty
          title="No business unit has a model yet"
          action={<ButtonLink href="/models/new">Register a model</ButtonLink>}
        >
          {withoutUnit > 0
            ? `${many(withoutUnit, "model")} without a business unit, to be claimed.`
            : "Connect a registry, or enter models by hand."}
        </Empty>
      ) : (
        <>
          <div className="figs">
            <Figure
              name="Live"
              n={num(totals.live)}
              href={then("/models?stage=live")}
              note={`of ${num(totals.models)}`}
            />
            <Figure
              name="New"
              n={num(totals.new)}
              href={then(`/models?enteredSince=${days.recent}`)}
              note={`in ${recentDays} days`}
            />
            <Figure
              name="Retired"
              n={num(totals.retired)}
              href={then(`/models?stage=retired&movedSince=${days.recent}`)}
              note={`in ${recentDays} days`}
            />
            <Figure
              name="Stuck"
              n={num(totals.stuck)}
              href={stuckHref}
              note={`over ${stuckAfterDays} days in a stage`}
            />
            <Figure
              name="Without owner"
              n={num(totals.ownerless)}
              href={then("/models?owner=none")}
              note="in the worklist"
            />
            <Figure
              name="To be scored again"
              n={num(totals.rescore)}
              href={then("/models?tierMark=rescore")}
              note="tier is in doubt"
            />
            <Figure
              name="Tiers overridden"
              n={num(totals.overridden)}
              href={then("/models?tierMark=overridden")}
              note="by the second line"
            />
            <Figure
              name="Budget a month"
              n={totals.budget === null ? null : eur(String(totals.budget))}
              note={totals.unbudgeted > 0 ? `${num(totals.unbudgeted)} live models give none` : "of every live model"}
            />
          </div>
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
                    value: p.valueEur === null ? <span className="mut">not given</span> : eur(String(p.valueEur)),
                    score: p.score === null ? <span className="mut">not scored</span> : p.score.toFixed(1),
                    tier: <TierChip tier={p.tier} />,
                    models: <Count n={p.models} href={then(`/models?useCase=${p.ref}`)} />,
                    live: <Count n={p.live} href={then(`/models?useCase=${p.ref}&stage=live`)} />,
                  },
                }))}
              />
            </details>
          </Section>
          <Section
            title="Stuck"
            note={`${many(totals.stuck, "model")} for more than ${stuckAfterDays} days in a stage on the way; the longest first`}
          >
            <div className="two-cols">
              <Table
                label="Stuck models"
                columns={[
                  { id: "name", name: "Model" },
                  { id: "stage", name: "Stage" },
                  { id: "since", name: "Since" },
                  { id: "why", name: "Why" },
                ]}
                empty={<p className="lbl">Nothing is stuck.</p>}
                rows={outlook.stuck.map((m) => ({
                  id: m.name,
                  cells: {
                    name: (
                      <Link className="b" href={then(`/models/${encodeURIComponent(m.name)}`)}>
                        {m.name}
                      </Link>
                    ),
                    stage: stageName[m.stage],
                    since: <When at={m.since} />,
                    why: m.why,
                  },
                  card: (
                    <>
                      <div className="row">
                        <Link className="b" href={then(`/models/${encodeURIComponent(m.name)}`)}>
                          {m.name}
                        </Link>
                        <span className="sp" />
                        {stageName[m.stage]}
                      </div>
                      <div className="ink2 l2">{m.why}</div>
                    </>
                  ),
                }))}
              />
              <Table
                label="Reasons"
                columns={[
                  { id: "why", name: "What keeps them" },
                  { id: "n", name: "Models", num: true },
                ]}
                empty={<p className="lbl">No reason to list.</p>}
                rows={outlook.reasons.map((r) => ({
                  id: r.why,
                  cells: { why: r.why, n: <Count n={r.n} href={stuckHref} /> },
                }))}
              />
            </div>
          </Section>
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
              rows={shown.map((u) => ({
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
                  cases: (
                    <Count n={u.useCases} href={then(`/portfolio/use-cases?unit=${encodeURIComponent(u.slug)}`)} />
                  ),
                  value: u.valueEur ? (
                    <span title={u.unvalued > 0 ? `${u.unvalued} use cases give no value` : undefined}>
                      {eur(u.valueEur)}
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
                      {tiers.map((t) => `${tierWord(t)} ${u.tiers[t] ?? 0}`).join(", ")}. {u.live} live,{" "}
                      {u.withoutOwner} without owner.
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
              rows={shown.map((u) => ({
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
      )}
      {withoutUnit > 0 ? (
        <p style={{ marginTop: 12 }}>
          <Link href={then("/models?unit=none")}>{many(withoutUnit, "model")}</Link> without a business unit, until
          somebody claims them.
        </p>
      ) : null}
      <div className="two-cols">
        <Section title="By platform">
          <Table
            label="Models by platform"
            columns={[
              { id: "platform", name: "Platform" },
              { id: "models", name: "Models", num: true },
              { id: "live", name: "Live", num: true },
              { id: "unclaimed", name: "Unclaimed", num: true },
            ]}
            empty={<p className="mut">No model yet.</p>}
            rows={platforms.map((p) => ({
              id: p.platform,
              cells: {
                platform: platformName[p.platform],
                models: <Count n={p.models} href={then(`/models?platform=${p.platform}`)} />,
                live: <Count n={p.live} href={then(`/models?platform=${p.platform}&stage=live`)} />,
                unclaimed: <Count n={p.unclaimed} href={then(`/models?platform=${p.platform}&stage=unclaimed`)} />,
              },
            }))}
          />
        </Section>
        <Section title="By kind">
          <Table
            label="Models by kind"
            columns={[
              { id: "kind", name: "Kind" },
              { id: "models", name: "Models", num: true },
              { id: "live", name: "Live", num: true },
              { id: "tier1", name: "Tier 1", num: true },
            ]}
            empty={<p className="lbl">No model yet.</p>}
            rows={outlook.kinds.map(({ kind, ...k }) => ({
              id: kind ?? "none",
              cells: {
                kind: kind ? kindName[kind] : <Status state="unknown" word="Not said" />,
                models: kind ? <Count n={k.models} href={then(`/models?kind=${kind}`)} /> : num(k.models),
                live: kind ? <Count n={k.live} href={then(`/models?kind=${kind}&stage=live`)} /> : num(k.live),
                tier1: kind ? <Count n={k.tier1} href={then(`/models?kind=${kind}&tier=1`)} /> : num(k.tier1),
              },
            }))}
          />
        </Section>
      </div>
    </Page>
  );
}
