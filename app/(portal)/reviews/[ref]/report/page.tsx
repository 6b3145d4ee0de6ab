import { orNotFound } from "@/app/(portal)/not-found-if";
import { Votes } from "@/components/reviews/votes";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { PrintButton } from "@/components/ui/print-button";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getReview } from "@/lib/reviews/queries";
import { laneName } from "@/lib/reviews/review";
import { because } from "@/lib/reviews/triage";
import { ClockLine } from "../aside";
import { Concerned } from "../concerned";
import { Conditions, DecisionsMade } from "../decided";
import { SubmissionView } from "../submission-view";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }) {
  return { title: `${(await params).ref}, report` };
}

/** The whole review on one sheet, to be printed or kept as a PDF. */
export default async function ReportPage({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const review = await orNotFound(getReview, ctx, { ref: (await params).ref });
  return (
    <Page name="review">
      <div className="report">
        <PageHead
          title={review.title}
          state={<Status state={review.status} tag />}
          lede={
            <>
              <Link href={`/reviews/${review.ref}`}>{review.ref}</Link> for <Concerned models={review.models} />, tier{" "}
              {review.tier ?? "not assessed"}.{" "}
              {review.submittedAt ? (
                <>
                  Submitted <When at={review.submittedAt} /> by {review.author}, round {review.round}.
                </>
              ) : (
                "Not submitted yet."
              )}{" "}
              {review.lane ? `${laneName[review.lane]}. ${because(review.laneReasons)}` : ""}
            </>
          }
          actions={<PrintButton />}
        />
        <ClockLine review={review} />
        <DecisionsMade review={review} actor={ctx.actor} sign={false} />
        <Conditions review={review} actor={ctx.actor} report />
        {review.votes.length + review.recusals.length > 0 ? (
          <section className="ds">
            <h2>Votes</h2>
            <Votes tally={review.tally} votes={review.votes} members={[]} recusals={review.recusals} me="" />
          </section>
        ) : null}
        <SubmissionView review={review} actor={ctx.actor} report />
      </div>
    </Page>
  );
}
