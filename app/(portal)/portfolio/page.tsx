import type { Metadata } from "next";
import Link from "next/link";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { pageContext } from "@/lib/auth/context";
import { platformName, type Stage, stageName, stages } from "@/lib/models/model";
import { portfolioGet } from "@/lib/models/portfolio";

export const metadata: Metadata = { title: "Portfolio" };

const tiers = ["1", "2", "3", "4", "none"] as const;
const tierWord = (tier: string): string => (tier === "none" ? "No tier" : `T${tier}`);

/** A count that leads to its rows; nothing leads nowhere. */
function Count({ n, href }: { n: number; href: string }) {
  return n > 0 ? <Link href={href}>{n.toLocaleString("en-GB")}</Link> : <span className="mut">0</span>;
}

const many = (n: number, noun: string): string => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;

const eur = (value: string | null): string =>
  value === null ? "" : `€${Number(value).toLocaleString("en-GB", { maximumFractionDigits: 1, notation: "compact" })}`;

export default async function PortfolioPage() {
  const ctx = await pageContext();
  const { units, platforms, withoutUnit, releasesSince } = await portfolioGet(ctx, {});
  const models = units.reduce((sum, u) => sum + u.models, 0) + withoutUnit;
  const shown = units.filter((u) => u.models > 0 || u.useCases > 0);
  const usedStages = stages.filter((s) => shown.some((u) => (u.stages[s] ?? 0) > 0));
  const of = (slug: string, more = "") => `/models?unit=${encodeURIComponent(slug)}${more}`;
  return (
    <Page name="portfolio">
      <PageHead
        title="Portfolio"
        lede={`${many(models, "model")} in ${many(shown.length, "business unit")}. Every number leads to its rows.`}
        actions={<ButtonLink href="/models">All models</ButtonLink>}
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
                  cases: <Count n={u.useCases} href={`/portfolio/use-cases?unit=${encodeURIComponent(u.slug)}`} />,
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
          <Link href="/models?unit=none">{many(withoutUnit, "model")}</Link> without a business unit, until somebody
          claims them.
        </p>
      ) : null}
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
              models: <Count n={p.models} href={`/models?platform=${p.platform}`} />,
              live: <Count n={p.live} href={`/models?platform=${p.platform}&stage=live`} />,
              unclaimed: <Count n={p.unclaimed} href={`/models?platform=${p.platform}&stage=unclaimed`} />,
            },
          }))}
        />
      </Section>
    </Page>
  );
}
