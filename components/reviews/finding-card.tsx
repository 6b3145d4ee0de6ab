import { CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { ActionForm } from "@/components/ui/action-form";
import { TextArea } from "@/components/ui/field";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { FormState } from "@/lib/http/form-action";
import { type FindingStatus, type Severity, severityName } from "@/lib/reviews/review";
import { mayAnswerFinding, mayResolveFinding, mayVerifyFinding } from "@/lib/reviews/rules";

type Action = (before: FormState, form: FormData) => Promise<FormState>;
export type FindingActions = { answer: Action; resolve: Action; verify: Action; reopen: Action };

export type ShownFinding = {
  id: string;
  ref: string;
  title: string;
  text: string;
  severity: Severity;
  status: FindingStatus;
  raisedBy: string;
  raiser: string | null;
  raiserTitle: string | null;
  raisedAt: Date;
  resolvedBy: string | null;
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
  const hidden = { ref: finding.ref };
  const mayAnswer = mayAnswerFinding(actor, subject);
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
            <More title="Answer">
              <ActionForm
                action={actions.answer}
                submit="Answer"
                tone="outlined"
                hidden={hidden}
                label={`Answer ${finding.ref}`}
              >
                <TextArea name="text" label="Answer" rows={3} />
              </ActionForm>
            </More>
          ) : null}
          {mayResolve.ok ? (
            <More title="Mark as resolved">
              <ActionForm
                action={actions.resolve}
                submit="Mark as resolved"
                tone="outlined"
                hidden={hidden}
                label={`Resolve ${finding.ref}`}
              >
                <TextArea name="resolution" label="How it was resolved" rows={3} />
              </ActionForm>
            </More>
          ) : null}
          {finding.status === "resolved" ? (
            mayVerify.ok ? (
              <>
                <ActionForm
                  action={actions.verify}
                  submit="Verify"
                  tone="outlined"
                  hidden={hidden}
                  label={`Verify ${finding.ref}`}
                />
                <More title="Reopen">
                  <ActionForm
                    action={actions.reopen}
                    submit="Reopen"
                    tone="outlined"
                    hidden={hidden}
                    label={`Reopen ${finding.ref}`}
                  >
                    <TextArea name="reason" label="What is still wrong" rows={3} />
                  </ActionForm>
                </More>
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

export function Voice({ name, title, at, text }: { name: string; title: string; at: Date; text: string }) {
  return (
    <div className="c">
      <Avatar name={name} />
      <div>
        <div className="row w">
          <b className="b">{name}</b>
          <span className="lbl">
            {title ? `${title}, ` : ""}
            <When at={at} />
          </span>
        </div>
        <div className="said">{text}</div>
      </div>
    </div>
  );
}

export function More({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className="more">
      <summary>{title}</summary>
      <div>{children}</div>
    </details>
  );
}
