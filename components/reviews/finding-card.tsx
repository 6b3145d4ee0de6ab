import { CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { PersonField } from "@/components/people/choice";
import { Deed, type DeedAction } from "@/components/ui/deed";
import { DateField, TextArea, TextField } from "@/components/ui/field";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { anchorName } from "@/lib/reviews/anchor";
import {
  mayAcceptFinding,
  mayAnswerFinding,
  mayAssignFinding,
  mayResolveFinding,
  mayVerifyFinding,
} from "@/lib/reviews/finding-rules";
import {
  type Conformance,
  conformanceName,
  type FindingStatus,
  type Severity,
  severityName,
} from "@/lib/reviews/review";
import type { SectionId } from "@/lib/reviews/sections";

export type FindingActions = {
  answer: DeedAction;
  accept: DeedAction;
  assign: DeedAction;
  resolve: DeedAction;
  verify: DeedAction;
  reopen: DeedAction;
};

export type ShownFinding = {
  id: string;
  ref: string;
  title: string;
  text: string;
  section: SectionId | null;
  severity: Severity;
  status: FindingStatus;
  raisedBy: string;
  raiser: string | null;
  raiserTitle: string | null;
  raisedAt: Date;
  diagram: number | null;
  conformance: Conformance | null;
  ownerId: string | null;
  owner: string | null;
  dueOn: string | null;
  overdue: boolean;
  accepter: string | null;
  acceptedAt: Date | null;
  resolvedBy: string | null;
  resolver: string | null;
  resolvedAt: Date | null;
  verifier: string | null;
  verifiedAt: Date | null;
};
export type Said = { id: string; author: string; title: string; text: string; createdAt: Date };

const look: Record<Severity, { role: string; icon: LucideIcon }> = {
  must_fix: { role: "fail", icon: CircleX },
  should_fix: { role: "care", icon: TriangleAlert },
  note: { role: "neu", icon: Info },
};

export function SeverityTag({ severity }: { severity: Severity }) {
  const { role, icon: Icon } = look[severity];
  return (
    <span className={`tag ${role}`}>
      <Icon className="i" aria-hidden="true" />
      {severityName[severity]}
    </span>
  );
}

/** A finding with its thread, where it belongs in the submission, and what the reader can do about it. */
export function FindingCard({
  finding,
  thread,
  review,
  actor,
  actions,
}: {
  finding: ShownFinding;
  thread: readonly Said[];
  review: { unitId: string | null; partyIds: readonly string[]; recusedIds: readonly string[] };
  actor: Actor;
  /** Null on the report, where nothing can be done. */
  actions: FindingActions | null;
}) {
  const subject = { ...finding, unitId: review.unitId, partyIds: review.partyIds, recusedIds: review.recusedIds };
  const mayAnswer = mayAnswerFinding(actor, subject);
  const mayAccept = mayAcceptFinding(actor, subject);
  const mayAssign = mayAssignFinding(actor, subject);
  const mayResolve = mayResolveFinding(actor, subject);
  const mayVerify = mayVerifyFinding(actor, subject);
  return (
    <article className="find" id={finding.ref} aria-label={`${finding.ref} ${finding.title}`}>
      <div className="fh">
        <SeverityTag severity={finding.severity} />
        <span className="b mono">{finding.ref}</span>
        <span className="ink2">{finding.title}</span>
        <span className="sp" />
        <Status state={finding.status} />
      </div>
      <Standing finding={finding} />
      <Voice
        name={finding.raiser ?? "unknown"}
        title={finding.raiserTitle ?? ""}
        at={finding.raisedAt}
        text={finding.text}
      />
      {thread.map((c) => (
        <Voice key={c.id} name={c.author} title={c.title} at={c.createdAt} text={c.text} />
      ))}
      {actions && finding.status !== "verified" ? (
        <div className="rp no-print">
          {mayAnswer.ok ? (
            <Deed title="Answer" action={actions.answer} record={finding.ref} label={`Answer ${finding.ref}`}>
              <TextArea name="text" label="Answer" rows={3} />
            </Deed>
          ) : null}
          {mayAccept.ok ? (
            <Deed title="Accept" action={actions.accept} record={finding.ref} label={`Accept ${finding.ref}`}>
              <DateField
                name="dueOn"
                label="Mended by"
                optional={finding.dueOn !== null}
                defaultValue={finding.dueOn ?? undefined}
              />
            </Deed>
          ) : null}
          {mayAssign.ok ? (
            <Deed
              title="Owner and date"
              submit="Set"
              action={actions.assign}
              record={finding.ref}
              label={`Owner and date of ${finding.ref}`}
            >
              <PersonField
                name="owner"
                label="Owner"
                defaultValue={finding.ownerId ?? undefined}
                blank="Nobody yet"
                optional
              />
              <DateField name="dueOn" label="Mended by" optional defaultValue={finding.dueOn ?? undefined} />
              {finding.dueOn ? <TextField name="reason" label="Why the day moves" optional maxLength={1000} /> : null}
            </Deed>
          ) : null}
          {mayResolve.ok ? (
            <Deed
              title="Mark as resolved"
              action={actions.resolve}
              record={finding.ref}
              label={`Resolve ${finding.ref}`}
            >
              <TextArea name="resolution" label="How it was resolved" rows={3} />
            </Deed>
          ) : null}
          {finding.status === "resolved" ? (
            mayVerify.ok ? (
              <>
                <Deed title="Verify" action={actions.verify} record={finding.ref} label={`Verify ${finding.ref}`} />
                <Deed title="Reopen" action={actions.reopen} record={finding.ref} label={`Reopen ${finding.ref}`}>
                  <TextArea name="reason" label="What is still wrong" rows={3} />
                </Deed>
              </>
            ) : (
              <WhyButton label="Verify" reason={mayVerify.reason} />
            )
          ) : null}
          {!mayAnswer.ok && !mayResolve.ok && finding.status !== "resolved" ? <span>{mayAnswer.reason}</span> : null}
        </div>
      ) : null}
    </article>
  );
}

/** Who mends it by when, how it stands to the standards, and who took which step. */
function Standing({ finding: f }: { finding: ShownFinding }) {
  const where = f.diagram ? anchorName({ section: f.section, diagram: f.diagram }) : null;
  return (
    <div className="fs">
      <span>{f.owner ? `${f.owner} mends it` : "Nobody is named to mend it"}</span>
      {f.dueOn ? (
        <span className={f.overdue ? "st fail" : ""}>
          {f.overdue ? <TriangleAlert className="i" aria-hidden="true" /> : null}
          {f.overdue ? "overdue since " : "by "}
          <When at={f.dueOn} show="day" />
        </span>
      ) : null}
      {f.conformance ? <span>{conformanceName[f.conformance]}</span> : null}
      {where ? <span>On {where}</span> : null}
      {f.acceptedAt ? <Step what="Accepted" by={f.accepter} at={f.acceptedAt} /> : null}
      {f.resolvedAt ? <Step what="Resolved" by={f.resolver} at={f.resolvedAt} /> : null}
      {f.verifiedAt ? <Step what="Verified" by={f.verifier} at={f.verifiedAt} /> : null}
    </div>
  );
}

const Step = ({ what, by, at }: { what: string; by: string | null; at: Date }) => (
  <span>
    {what}
    {by ? ` by ${by}` : ""}, <When at={at} />
  </span>
);

export function Voice({
  name,
  title,
  at,
  text,
  about,
}: {
  name: string;
  title: string;
  at: Date;
  text: string;
  /** What of the section it is about, where that is not all of it. */
  about?: string | undefined;
}) {
  return (
    <div className="c">
      <Avatar name={name} />
      <div>
        <div className="row w">
          <b className="b">{name}</b>
          <span className="lbl">
            {title ? `${title}, ` : ""}
            <When at={at} />
            {about ? `, ${about}` : ""}
          </span>
        </div>
        <div className="said">{text}</div>
      </div>
    </div>
  );
}
