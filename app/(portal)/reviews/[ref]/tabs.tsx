import { Diff } from "@/components/ui/diff";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { MeterLegend, Readiness as ReadinessMeter } from "@/components/ui/meter";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { Actor } from "@/lib/core/actor";
import { fieldText, fieldTitle, type Submission } from "@/lib/reviews/submission";
import { Cards, type Review } from "./submission-view";

export function Readiness({ review }: { review: Review }) {
  const { assessment } = review;
  if (!assessment)
    return (
      <Empty
        title="Readiness is assessed with the submission"
        action={<Link href={`/models/${review.model.name}/readiness`}>Readiness as it stands now</Link>}
      >
        The board then reads exactly what held on that day.
      </Empty>
    );
  return (
    <div style={{ marginTop: 20 }}>
      <p className="ink2">
        As it stood when the review was submitted, <When at={assessment.takenAt} />.{" "}
        <Digest value={`sha256:${assessment.digest}`} />{" "}
        <Link href={`/models/${review.model.name}/readiness`}>As it stands now</Link>
      </p>
      <div style={{ maxWidth: 420, margin: "12px 0" }}>
        <ReadinessMeter counts={assessment} />
      </div>
      <MeterLegend />
      <Table
        label="Readiness items"
        columns={[
          { id: "title", name: "Item" },
          { id: "state", name: "State", width: 160 },
          { id: "why", name: "Why unknown", width: 180 },
        ]}
        rows={[...assessment.items]
          .sort((a, b) => rank[a.state] - rank[b.state])
          .map((item) => ({
            id: item.id,
            cells: {
              title: item.title,
              state: <Status state={item.state} />,
              why: <span className="ink2">{item.cause ? causeWord(item.cause) : ""}</span>,
            },
            card: (
              <>
                <div className="row w">
                  <span className="b">{item.title}</span>
                  <span className="sp" />
                  <Status state={item.state} />
                </div>
                <div className="ink2">{item.cause ? causeWord(item.cause) : ""}</div>
              </>
            ),
          }))}
      />
    </div>
  );
}

const causeWord = (cause: string): string => cause.replaceAll("_", " ").replace(/^./, (c) => c.toUpperCase());

const rank = { fail: 0, unknown: 1, waived: 2, pass: 3, not_applicable: 4 } as const;

export function Findings({ review, actor }: { review: Review; actor: Actor }) {
  if (review.findings.length === 0)
    return (
      <Empty title="No finding was raised">
        A finding says what must change before the board can agree, and stays until someone verified that it did.
      </Empty>
    );
  return (
    <div style={{ maxWidth: 720, marginTop: 12 }}>
      <Cards review={review} findings={review.findings} actor={actor} report={false} />
    </div>
  );
}

/** What each resubmission changed, field by field. */
export function Changes({ review }: { review: Review }) {
  if (review.base && review.rounds.length < 2) return <AgainstBase review={review} base={review.base} />;
  if (review.rounds.length < 2)
    return <Empty title="It was submitted once">When the author submits again, what changed stands here.</Empty>;
  const rounds = review.rounds
    .slice(1)
    .reverse()
    .map((round) => {
      const before = review.rounds.find((r) => r.round === round.round - 1)?.submission ?? {};
      return (
        <section key={round.round} style={{ marginTop: 24 }}>
          <h2>
            Round {round.round}, <When at={round.at} /> by {round.by}
          </h2>
          {round.recordChanged ? <p className="ink2">The decision record was revised.</p> : null}
          {round.changed.length === 0 ? <p className="mut">The submission itself did not change.</p> : null}
          <Fields fields={round.changed} before={before} after={round.submission} />
        </section>
      );
    });
  return (
    <>
      {review.base ? <AgainstBase review={review} base={review.base} /> : null}
      {rounds}
    </>
  );
}

/** What a change request asks to change in the design that was approved: the difference, not the whole. */
function AgainstBase({ review, base }: { review: Review; base: NonNullable<Review["base"]> }) {
  return (
    <section style={{ marginTop: 24 }}>
      <h2>
        Against <Link href={`/reviews/${base.ref}`}>{base.ref}</Link>, as it was approved
      </h2>
      <p className="lbl">
        <Digest value={`sha256:${base.digest}`} />
      </p>
      {base.apart.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {base.changed.length === 0 ? <p className="mut">The submission reads as it was approved.</p> : null}
      <Fields fields={base.changed} before={base.submission} after={review.submission} />
    </section>
  );
}

const Fields = ({ fields, before, after }: { fields: readonly string[]; before: Submission; after: Submission }) =>
  fields.map((field) => (
    <div key={field} style={{ marginTop: 12 }}>
      <h3>{fieldTitle(field)}</h3>
      <Diff
        before={fieldText(before, field)}
        after={fieldText(after, field)}
        label={`What changed in ${fieldTitle(field)}`}
      />
    </div>
  ));
