import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { Lane, ReviewStatus } from "@/lib/reviews/review";
import { laneName } from "@/lib/reviews/review";

type Listed = {
  ref: string;
  title: string;
  status: ReviewStatus;
  lane: Lane | null;
  promisedOn: string | null;
  decidedAt: Date | null;
  with: string[];
};

/** What the board was asked about a model, with the models that were asked about together with it. */
export function ModelReviews({ items }: { items: readonly Listed[] }) {
  if (items.length === 0) return <p className="mut">The board was never asked about it.</p>;
  return (
    <ul className="prec">
      {items.map((r) => (
        <li key={r.ref}>
          <div className="row w">
            <Link href={`/reviews/${r.ref}`} className="b">
              {r.ref}
            </Link>
            <span>{r.title}</span>
            <span className="sp" />
            <Status state={r.status} />
          </div>
          <div className="lbl">
            {r.lane ? laneName[r.lane] : ""}
            {r.decidedAt ? (
              <>
                , decided <When at={r.decidedAt} />
              </>
            ) : r.status === "in_review" && r.promisedOn ? (
              <>
                , promised by <When at={r.promisedOn} show="day" />
              </>
            ) : null}
            {r.with.length > 0 ? (
              <>
                . Together with{" "}
                {r.with.map((name, i) => (
                  <span key={name}>
                    {i > 0 ? ", " : ""}
                    <Link href={`/models/${encodeURIComponent(name)}`} className="mono">
                      {name}
                    </Link>
                  </span>
                ))}
              </>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
