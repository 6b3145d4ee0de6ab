import type { ReactNode } from "react";
import Link from "@/components/ui/link";
import { type Outlook, recentDays, stuckAfterDays } from "@/lib/models/outlook";
import { eur, num, type Then } from "./count";

/** One figure of the portfolio with the rows behind it. `n` null is not known, and is hatched. */
function Figure({ name, n, href, note }: { name: string; n: string | null; href?: string; note?: ReactNode }) {
  return (
    <div className="fig">
      <div className="lbl">{name}</div>
      {n === null ? (
        <div className="hatch hatched" style={{ minHeight: 32 }}>
          <span>Not known</span>
        </div>
      ) : (
        <div className="big">{href ? <Link href={href}>{n}</Link> : n}</div>
      )}
      {note ? <div className="lbl">{note}</div> : null}
    </div>
  );
}

/** The figures at the head of the portfolio. */
export function PortfolioFigures({
  outlook: { totals, days },
  then,
  stuckHref,
}: {
  outlook: Pick<Outlook, "totals" | "days">;
  then: Then;
  stuckHref: string;
}) {
  return (
    <div className="figs">
      <Figure name="Live" n={num(totals.live)} href={then("/models?stage=live")} note={`of ${num(totals.models)}`} />
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
      <Figure name="Stuck" n={num(totals.stuck)} href={stuckHref} note={`over ${stuckAfterDays} days in a stage`} />
      <Figure name="Without owner" n={num(totals.ownerless)} href={then("/models?owner=none")} note="in the worklist" />
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
        n={totals.budget === null ? null : eur(totals.budget)}
        note={totals.unbudgeted > 0 ? `${num(totals.unbudgeted)} live models give none` : "of every live model"}
      />
    </div>
  );
}
