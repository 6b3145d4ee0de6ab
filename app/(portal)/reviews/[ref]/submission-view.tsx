import { PersonField } from "@/components/people/choice";
import { Acceptances } from "@/components/reviews/acceptances";
import { AdviceText } from "@/components/reviews/advice";
import { Files } from "@/components/reviews/files";
import { FindingCard, Voice } from "@/components/reviews/finding-card";
import { ActionForm } from "@/components/ui/action-form";
import { More } from "@/components/ui/deed";
import { Digest } from "@/components/ui/digest";
import { DateField, SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { getReview } from "@/lib/reviews/queries";
import { conformanceName, conformances, severities, severityName } from "@/lib/reviews/review";
import { mayComment, mayRaiseFinding } from "@/lib/reviews/rules";
import { type SectionId, sections } from "@/lib/reviews/sections";
import { changeTypeName, diagramsIn, questions } from "@/lib/reviews/submission";
import {
  accept,
  answer,
  askForAcceptance,
  assign,
  comment,
  endAcceptanceOf,
  raise,
  reopen,
  resolve,
  ruleOnRisk,
  verify,
} from "../actions";
import { ModelsAndTiers, PatternsFollowed } from "./concerned";
import { isWritten, Written } from "./written";

export type Review = Awaited<ReturnType<typeof getReview>>;

export const findingActions = { answer, accept, assign, resolve, verify, reopen };

const acceptanceActions = { ask: askForAcceptance, decide: ruleOnRisk, end: endAcceptanceOf };

/** What the board reads: numbered sections in the voice of the record, with findings and comments where they belong. */
export function SubmissionView({ review, actor, report = false }: { review: Review; actor: Actor; report?: boolean }) {
  const written = sections.filter(
    (s) => isWritten(review.submission, s) || (s.id === "advice" && review.advice.length > 0),
  );
  const said = review.comments.filter((c) => c.findingId === null);
  const anchored = (id: SectionId | null) => said.filter((c) => c.section === id);
  const loose = review.findings.filter((f) => f.section === null || !written.some((s) => s.id === f.section));
  return (
    <>
      <Identity review={review} />
      {written.map((section, i) => (
        <section className="rs" id={section.id} key={section.id}>
          <div className="sn">{i + 1}</div>
          <div>
            <h2>{section.title}</h2>
            <Written submission={review.submission} section={section} />
            {section.id === "advice" ? <Advised review={review} /> : null}
            {section.id === "risks" ? (
              <Acceptances review={review} actor={actor} actions={report ? null : acceptanceActions} />
            ) : null}
            <Cards
              review={review}
              findings={review.findings.filter((f) => f.section === section.id)}
              actor={actor}
              report={report}
            />
            <Comments items={anchored(section.id)} />
            {report ? null : <Say review={review} actor={actor} section={section.id} />}
          </div>
        </section>
      ))}
      {loose.length > 0 || anchored(null).length > 0 || !report ? (
        <section className="rs" id="general">
          <div className="sn" />
          <div>
            <h2>In general</h2>
            <Cards review={review} findings={loose} actor={actor} report={report} />
            <Comments items={anchored(null)} />
            {report ? null : <Say review={review} actor={actor} section={null} />}
          </div>
        </section>
      ) : null}
    </>
  );
}

/** Advice asked in the portal, each in the adviser's own words. */
const Advised = ({ review }: { review: Review }) =>
  review.advice.map((a) => (
    <div className="vt" key={a.id}>
      <Avatar name={a.adviser} />
      <div>
        <b className="b">{a.adviser}</b>{" "}
        {a.answeredAt ? (
          <span className="lbl">
            <When at={a.answeredAt} />
          </span>
        ) : null}
        <AdviceText advice={a} />
      </div>
    </div>
  ));

function Identity({ review }: { review: Review }) {
  const { submission, adr, pins } = review;
  const yes = questions.filter((q) => submission[q.id] === true).map((q) => q.text);
  return (
    <dl className="facts">
      {review.models.length > 1 ? <Line name="Models" value={<ModelsAndTiers review={review} />} /> : null}
      {review.patterns.length > 0 ? <Line name="Reference" value={<PatternsFollowed review={review} />} /> : null}
      {submission.changeType ? <Line name="Change" value={changeTypeName[submission.changeType]} /> : null}
      {submission.system ? <Line name="System" value={submission.system} /> : null}
      {submission.sponsor ? <Line name="Sponsor" value={submission.sponsor} /> : null}
      {submission.targetDate ? <Line name="Wanted by" value={<When at={submission.targetDate} show="day" />} /> : null}
      {adr ? (
        <Line
          name="Decision record"
          value={
            <>
              <Link href={`/decisions/${adr.ref}`}>{adr.ref}</Link> {adr.title} <Status state={adr.status} />
              {pins.adr && pins.adr !== adr.digest && review.status === "in_review" ? (
                <span className="st care"> revised since it was submitted</span>
              ) : null}
            </>
          }
        />
      ) : null}
      {yes.length > 0 ? <Line name="Answered yes" value={yes.join("; ")} /> : null}
      {submission.emergency ? <Line name="Emergency" value={submission.emergencyReason ?? ""} /> : null}
      {submission.apart ? <Line name="Does not join" value={submission.apart} /> : null}
      {submission.attachments && submission.attachments.length > 0 ? (
        <Line name="Attached" value={<Files files={submission.attachments} />} />
      ) : null}
      {pins.submission ? <Line name="Digest" value={<Digest value={`sha256:${pins.submission}`} />} /> : null}
    </dl>
  );
}

function Line({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

export function Cards({
  review,
  findings,
  actor,
  report,
}: {
  review: Review;
  findings: Review["findings"];
  actor: Actor;
  report: boolean;
}) {
  return findings.map((finding) => (
    <FindingCard
      key={finding.id}
      finding={finding}
      thread={review.comments.filter((c) => c.findingId === finding.id)}
      review={review}
      actor={actor}
      actions={report ? null : findingActions}
    />
  ));
}

function Comments({ items }: { items: Review["comments"] }) {
  if (items.length === 0) return null;
  return (
    <div className="find">
      {items.map((c) => (
        <Voice
          key={c.id}
          name={c.author}
          title={c.title}
          at={c.createdAt}
          text={c.text}
          about={c.diagram ? `on diagram ${c.diagram}` : undefined}
        />
      ))}
    </div>
  );
}

/** Comment on a section, or raise a finding there. */
function Say({ review, actor, section }: { review: Review; actor: Actor; section: SectionId | null }) {
  const may = mayComment(actor, review);
  const mayRaise = mayRaiseFinding(actor, review);
  if (!may.ok) return section === null ? <WhyButton label="Comment" reason={may.reason} /> : null;
  const hidden = { ref: review.ref, ...(section ? { section } : {}) };
  const diagrams = section ? diagramsIn(review.submission[section]) : 0;
  const about =
    diagrams > 0 ? (
      <SelectField
        name="diagram:number"
        label="About"
        optional
        blank="The text"
        options={Array.from({ length: diagrams }, (_, i) => ({ value: String(i + 1), label: `Diagram ${i + 1}` }))}
      />
    ) : null;
  return (
    <div className="say no-print">
      <More title="Comment">
        <ActionForm action={comment} submit="Comment" tone="outlined" hidden={hidden} guard label="Comment">
          {about}
          <TextArea name="text" label="Comment" rows={3} />
        </ActionForm>
      </More>
      {mayRaise.ok ? (
        <More title="Raise a finding">
          <ActionForm
            action={raise}
            submit="Raise the finding"
            tone="outlined"
            hidden={{ ...hidden, "round:number": String(review.round) }}
            guard
            label="Raise a finding"
          >
            {about}
            <TextField name="title" label="Finding" maxLength={200} />
            <SelectField
              name="severity"
              label="Severity"
              options={severities.map((s) => ({ value: s, label: severityName[s] }))}
            />
            <TextArea name="text" label="What is wrong, and what would mend it" rows={3} />
            <SelectField
              name="conformance"
              label="How it stands to the standards"
              optional
              blank="Not said"
              options={conformances.map((c) => ({ value: c, label: conformanceName[c] }))}
            />
            <PersonField name="owner" label="Who mends it" optional blank="The model's owner" />
            <DateField name="dueOn" label="Mended by" optional />
          </ActionForm>
        </More>
      ) : null}
    </div>
  );
}
