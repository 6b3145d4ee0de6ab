import { orNotFound } from "@/app/(portal)/not-found-if";
import { PeopleProvider } from "@/components/people/choice";
import { DraftForm } from "@/components/reviews/draft/form";
import { Precedents } from "@/components/reviews/precedents";
import { ButtonLink } from "@/components/ui/button";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { StickyAction } from "@/components/ui/sticky-action";
import { Tabs } from "@/components/ui/tabs";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { findAdrs } from "@/lib/decisions/find";
import { patternsInForce } from "@/lib/library/editions";
import { adviceLack } from "@/lib/reviews/advice-rules";
import { suggestReviewers } from "@/lib/reviews/assign";
import { prepareIntake } from "@/lib/reviews/intake";
import { findOverlaps } from "@/lib/reviews/overlap";
import { activePeople, getReview } from "@/lib/reviews/queries";
import { editable, statusName } from "@/lib/reviews/review";
import { mayAssignReviewer } from "@/lib/reviews/reviewers";
import { mayEdit, mayVote } from "@/lib/reviews/rules";
import { autosave, findModels, findOverlap, saveAndSubmit } from "../actions";
import { Aside } from "./aside";
import { AuthorAside } from "./author-aside";
import { Concerned } from "./concerned";
import { SubmissionView } from "./submission-view";
import { Changes, Findings, Readiness } from "./tabs";

const tabs = ["submission", "readiness", "findings", "changes", "precedents"] as const;
type Tab = (typeof tabs)[number];

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }) {
  return { title: (await params).ref };
}

export default async function ReviewPage({
  params,
  searchParams,
}: {
  params: Promise<{ ref: string }>;
  searchParams: Promise<{ tab?: string }>;
}) {
  const ctx = await pageContext();
  const { ref } = await params;
  const review = await orNotFound(getReview, ctx, { ref });
  const wanted = (await searchParams).tab;
  const editing = editable.includes(review.status) && mayEdit(ctx.actor, review).ok;
  // Of a change the board reads the difference first.
  const first: Tab = review.base && !editing ? "changes" : "submission";
  const tab: Tab = tabs.find((t) => t === wanted) ?? first;
  const people = (await activePeople(ctx.db)).map(({ id, name }) => ({ id, name }));
  const here = `/reviews/${review.ref}`;
  const names: Record<Tab, { name: string; count?: number }> = {
    submission: { name: "Submission" },
    readiness: {
      name: review.assessment
        ? `Readiness ${review.assessment.pass + review.assessment.waived}/${review.assessment.total}`
        : "Readiness",
    },
    findings: { name: "Findings", count: review.findings.length },
    changes: {
      name: "Changes",
      count: review.base ? review.base.changed.length : Math.max(0, review.rounds.length - 1),
    },
    precedents: { name: "Precedents", count: review.precedents.length },
  };
  return (
    <PeopleProvider people={people}>
      <Page
        name="review"
        aside={
          editing && review.status === "draft" ? (
            <AuthorAside review={review} actor={ctx.actor} />
          ) : (
            <Aside
              review={review}
              actor={ctx.actor}
              suggested={
                mayAssignReviewer(ctx.actor, review).ok ? (await suggestReviewers(ctx, { ref })).suggested : []
              }
            />
          )
        }
      >
        <PageHead
          title={review.title}
          state={<Status state={review.status} tag />}
          lede={
            <>
              {review.ref} for <Concerned models={review.models} />.{" "}
              {review.submittedAt ? (
                <>
                  Submitted <When at={review.submittedAt} /> by {review.author}
                  {review.unit ? `, ${review.unit}` : ""}.{review.round > 1 ? ` Reading ${review.round}.` : ""}
                </>
              ) : (
                <>
                  Begun <When at={review.createdAt} /> by {review.author}.
                </>
              )}
              {review.base ? (
                <>
                  {" "}
                  A change to <Link href={`/reviews/${review.base.ref}`}>{review.base.ref}</Link>.
                </>
              ) : null}
              {review.changeRequests.map((c) => (
                <span key={c.ref}>
                  {" "}
                  <Link href={`/reviews/${c.ref}`}>{c.ref}</Link>{" "}
                  {c.status === "approved" || c.status === "approved_with_conditions"
                    ? "stands instead."
                    : `asks to change it (${statusName[c.status].toLowerCase()}).`}
                </span>
              ))}
            </>
          }
          actions={<ButtonLink href={`${here}/report`}>Report</ButtonLink>}
        />
        <Tabs
          label="Parts of the review"
          items={tabs.map((t) => ({ href: t === first ? here : `${here}?tab=${t}`, on: t === tab, ...names[t] }))}
        />
        {tab === "submission" ? (
          editing ? (
            <DraftForm
              key={review.round}
              start={{
                ref: review.ref,
                revision: review.revision,
                draft: { title: review.title, adr: review.adr?.ref ?? null, submission: review.submission },
              }}
              person={ctx.actor.id}
              tier={review.tier}
              adrs={await linkable(ctx, review)}
              patterns={(await patternsInForce(ctx.db)).map((p) => ({ value: p.id, label: p.title }))}
              findModels={findModels}
              overlaps={
                (
                  await findOverlaps(ctx, {
                    model: review.model.id,
                    further: review.submission.models ?? [],
                    system: review.submission.system ?? "",
                    review: review.ref,
                  })
                ).items
              }
              findOverlap={findOverlap}
              fills={(await prepareIntake(ctx, { model: review.model.id })).fills}
              autosave={autosave}
              submit={saveAndSubmit}
              again={review.rounds.length > 0}
              asked={review.advice.length}
              unused={review.advice.flatMap((a) => adviceLack(a) ?? [])}
            />
          ) : (
            <SubmissionView review={review} actor={ctx.actor} />
          )
        ) : null}
        {tab === "readiness" ? <Readiness review={review} /> : null}
        {tab === "findings" ? <Findings review={review} actor={ctx.actor} /> : null}
        {tab === "changes" ? <Changes review={review} /> : null}
        {tab === "precedents" ? (
          <div style={{ marginTop: 20 }}>
            <Precedents items={review.precedents} />
          </div>
        ) : null}
        {review.status === "in_review" && mayVote(ctx.actor, review).ok ? (
          <StickyAction
            reason={
              <>
                <div className="b">
                  {review.tally.present} of {review.tally.needed} for quorum
                </div>
                <div className="lbl">
                  {review.tally.lacks.length === 0
                    ? "Ready to decide"
                    : `${review.tally.lacks.length} missing to decide`}
                </div>
              </>
            }
          >
            <ButtonLink href="#vote" tone="primary" size="large">
              Vote
            </ButtonLink>
          </StickyAction>
        ) : null}
      </Page>
    </PeopleProvider>
  );
}

/** Records about this model first, then the newest of the others. */
async function linkable(
  ctx: Awaited<ReturnType<typeof pageContext>>,
  review: { model: { name: string }; adr: { ref: string; title: string } | null },
) {
  const [own, others] = await Promise.all([
    findAdrs(ctx, { model: review.model.name, limit: 50, facets: false }),
    findAdrs(ctx, { limit: 50, facets: false }),
  ]);
  const all = [
    ...(review.adr ? [review.adr] : []),
    ...[...own.items, ...others.items].filter((a) => a.status === "proposed" || a.status === "accepted"),
  ];
  return [...new Map(all.map((a) => [a.ref, { ref: a.ref, title: a.title }])).values()];
}
