import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { itemKindName } from "@/lib/meetings/meeting";
import type { AgendaItem, Since } from "@/lib/meetings/queries";
import { statusName } from "@/lib/reviews/review";

/** What became of a review since it was put on the agenda, as the chair has to know it. */
function SinceMark({ since, item }: { since: Since; item: AgendaItem }) {
  if (!since || !item.review) return null;
  if (since === "withdrawn") return <Status state="withdrawn" tag word="Withdrawn since" />;
  if (since === "resubmitted") return <Status state="stale" tag word={`Resubmitted: reading ${item.review.round}`} />;
  if (since === "with_author") return <Status state="changes_requested" tag word="Back with its author" />;
  return <Status state={item.review.status} word={statusName[item.review.status]} />;
}

export function ItemLine({ item }: { item: AgendaItem }) {
  if (item.title === null)
    return <span className="mut">A review of a business unit whose reviews you may not read.</span>;
  return (
    <>
      <div className="row w">
        {item.review ? (
          <Link href={`/reviews/${item.review.ref}`} className="plain b">
            {item.title}
          </Link>
        ) : (
          <b className="b">{item.title}</b>
        )}
        {item.review ? <TierChip tier={item.review.tier} /> : null}
        {item.late ? <Status state="stale" tag word="Late" /> : null}
        <SinceMark since={item.since} item={item} />
      </div>
      <div className="lbl">
        {item.review ? (
          <>
            <span className="mono">{item.review.ref}</span>, {item.review.model}
            {item.review.status === "in_review" && item.review.promisedOn ? (
              <>
                . Promised <When at={item.review.promisedOn} show="day" />
              </>
            ) : null}
          </>
        ) : (
          itemKindName[item.kind]
        )}
      </div>
      {item.text ? <p className="said">{item.text}</p> : null}
    </>
  );
}
