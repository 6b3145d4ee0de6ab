import { AdviceLog } from "@/components/reviews/advice";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { Actor } from "@/lib/core/actor";
import { adviceActions } from "./aside";
import type { Review } from "./submission-view";

import { Ways } from "./ways";
/** The author's side while it is a draft: what the model says of itself, and how like cases went. */
export function AuthorAside({ review, actor }: { review: Review; actor: Actor }) {
  return (
    <>
      <section className="ds">
        <h2>Where it goes</h2>
        <p className="ink2">
          Triage chooses the lane from the tier{review.tier ? ` (${review.tier})` : ""}, the legal class, the reference
          architecture, the checks and your answers. Self-service takes a day, fast track three, the full board ten.
        </p>
        <p className="ink2">
          <Link href={`/models/${review.model.name}/readiness`}>Readiness</Link> is assessed when you submit.
        </p>
      </section>
      <section className="ds">
        <h2>How like cases went</h2>
        {review.precedents.length === 0 ? <p className="mut">The board has not decided a similar case yet.</p> : null}
        <ul>
          {review.precedents.map((p) => (
            <li key={p.ref} style={{ marginTop: 8 }}>
              <div className="row w">
                <Link href={`/reviews/${p.ref}`}>{p.ref}</Link>
                <span className="sp" />
                <Status state={p.outcome} />
              </div>
              {p.title}
              {p.conditions.map((text) => (
                <div className="lbl" key={text}>
                  Asked: {text}
                </div>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <AdviceLog review={review} advice={review.advice} actor={actor} actions={adviceActions} />
      <Ways review={review} actor={actor} />
    </>
  );
}
