import type { Metadata } from "next";
import { ByKind, ByPlatform } from "@/components/portfolio/by-kind";
import { ByUnit } from "@/components/portfolio/by-unit";
import { many } from "@/components/portfolio/count";
import { PortfolioFigures } from "@/components/portfolio/figures";
import { Stuck } from "@/components/portfolio/stuck";
import { ValueAndRisk } from "@/components/portfolio/value-and-risk";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { asOfLink, type Params } from "@/components/ui/urls";
import { pageContext } from "@/lib/auth/context";
import { portfolioOutlook } from "@/lib/models/outlook";
import { portfolioGet } from "@/lib/models/portfolio";

export const metadata: Metadata = { title: "Portfolio" };

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
  const stuckHref = then(`/models?stage=development,review,pilot,shadow,retiring&notMovedSince=${outlook.days.stuck}`);
  const models = units.reduce((sum, u) => sum + u.models, 0) + withoutUnit;
  const shown = units.filter((u) => u.models > 0 || u.useCases > 0);
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
          <PortfolioFigures outlook={outlook} then={then} stuckHref={stuckHref} />
          <ValueAndRisk points={outlook.points} then={then} />
          <Stuck outlook={outlook} then={then} href={stuckHref} />
          <ByUnit units={shown} releasesSince={releasesSince} then={then} />
        </>
      )}
      {withoutUnit > 0 ? (
        <p style={{ marginTop: 12 }}>
          <Link href={then("/models?unit=none")}>{many(withoutUnit, "model")}</Link> without a business unit, until
          somebody claims them.
        </p>
      ) : null}
      <div className="two-cols">
        <ByPlatform platforms={platforms} then={then} />
        <ByKind kinds={outlook.kinds} then={then} />
      </div>
    </Page>
  );
}
