import { orNotFound } from "@/app/(portal)/not-found-if";
import { GlassStatus } from "@/components/break-glass/glass-state";
import { History } from "@/components/log/history";
import { SignForm } from "@/components/signing/sign-form";
import { ActionForm } from "@/components/ui/action-form";
import { Digest } from "@/components/ui/digest";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SoonReason } from "@/components/ui/reason-card";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayConfirmGlass, mayEndGlass, mayReviewGlass, verdictName, verdicts } from "@/lib/break-glass/break-glass";
import { getGlass } from "@/lib/break-glass/queries";
import { roleName } from "@/lib/core/rights";
import { inSentence } from "@/lib/releases/words";
import { confirmDemo, endTheGlass, openConfirmation, reviewTheGlass } from "../../actions";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }) {
  return { title: (await params).ref };
}

export default async function BreakGlassOne({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const g = await orNotFound(getGlass, ctx, { ref: (await params).ref });
  const may = {
    confirm: mayConfirmGlass(ctx.actor, g.rules),
    end: mayEndGlass(ctx.actor, g.rules),
    review: mayReviewGlass(ctx.actor, g.rules),
  };
  const place = g.environment === "prod" ? "production" : g.environment;
  return (
    <Page
      name="release"
      aside={
        <>
          {g.state === "waiting" ? (
            <>
              <div className="h">
                <h2>Confirm</h2>
              </div>
              {may.confirm.ok ? (
                <SignForm
                  label="Read and confirm"
                  note={`You open the gate for this artefact for ${g.hours} ${g.hours === 1 ? "hour" : "hours"}, with your own key. Everyone concerned is told at once.`}
                  open={openConfirmation}
                  signDemo={confirmDemo}
                >
                  <input type="hidden" name="ref" value={g.ref} />
                </SignForm>
              ) : (
                <WhyButton label="Read and confirm" reason={may.confirm.reason} size="large" full />
              )}
            </>
          ) : null}
          {g.state === "to_review" ? (
            <>
              <div className="h" id="look">
                <h2>Look at it</h2>
              </div>
              {may.review.ok ? (
                <ActionForm action={reviewTheGlass} submit="Close with these findings" hidden={{ ref: g.ref }} guard>
                  <SelectField
                    name="verdict"
                    label="What do you find?"
                    options={verdicts.map((value) => ({ value, label: verdictName[value] }))}
                  />
                  <TextArea
                    name="findings"
                    label="Findings"
                    hint="What you looked at, what was right, what was not."
                    minLength={30}
                    maxLength={4000}
                  />
                  <TextArea name="followUp" label="What follows" optional maxLength={2000} />
                  <TextField
                    name="incident"
                    label="Incident"
                    hint="Its reference, such as INC-0003, or its review's."
                    optional
                    mono
                    maxLength={20}
                  />
                </ActionForm>
              ) : (
                <WhyButton label="Look at it" reason={may.review.reason} full />
              )}
            </>
          ) : null}
          {g.state === "waiting" || g.state === "open" ? (
            <div style={{ marginTop: 16 }}>
              {may.end.ok ? (
                <details>
                  <summary>{g.state === "open" ? "End it now" : "Withdraw it"}</summary>
                  <ActionForm
                    action={endTheGlass}
                    submit={g.state === "open" ? "End it now" : "Withdraw it"}
                    tone="outlined"
                    hidden={{ ref: g.ref }}
                  >
                    <TextArea name="reason" label="Why?" minLength={10} maxLength={4000} />
                  </ActionForm>
                </details>
              ) : (
                <WhyButton label={g.state === "open" ? "End it now" : "Withdraw it"} reason={may.end.reason} />
              )}
            </div>
          ) : null}
          <div className="h" style={{ marginTop: 32 }}>
            <h2>Answers by it</h2>
          </div>
          {g.gate.length === 0 ? (
            <p className="lbl">No pipeline was let through by it.</p>
          ) : (
            <ul className="tl">
              {g.gate.map((a) => (
                <li key={a.id}>
                  <Status state="allow" word="" />
                  <span>
                    Allow<span className="lbl"> {a.askedBy}</span>
                  </span>
                  <span className="lbl">
                    <When at={a.askedAt} show="datetime" />
                  </span>
                </li>
              ))}
            </ul>
          )}
          <div className="h" style={{ marginTop: 32 }}>
            <h2>History</h2>
          </div>
          <History entries={g.history} all={`/log?subject=${g.ref}`} />
        </>
      }
    >
      <PageHead
        title={`${g.model} ${g.version} to ${place}`}
        state={<GlassStatus state={g.state} overdue={g.overdue} tag />}
        lede={
          <>
            {g.ref}, break-glass for <Link href={`/releases/${g.release}`}>{g.release}</Link>. {g.requestedBy} asked
            {g.confirmedBy ? ` and ${g.confirmedBy} confirmed` : "; nobody has confirmed"}.
          </>
        }
      />
      <Section title="Why">
        <p className="record">{g.justification}</p>
      </Section>
      <Section title="Two people">
        <KeyValues
          items={[
            {
              key: "Asked by",
              value: (
                <>
                  {g.requestedBy}, <When at={g.requestedAt} show="datetime" />
                </>
              ),
            },
            {
              key: "Confirmed by",
              value:
                g.confirmedBy && g.confirmedAs ? (
                  <>
                    {g.confirmedBy}, as {inSentence(roleName[g.confirmedAs])},{" "}
                    <When at={g.confirmedAt} show="datetime" />
                  </>
                ) : (
                  <span className="mut">
                    nobody{g.state === "waiting" ? "; it lapses at " : ""}
                    {g.state === "waiting" ? <When at={g.lapsesAt} show="datetime" /> : null}
                  </span>
                ),
            },
            {
              key: "Opens the gate",
              value: g.until ? (
                <>
                  until <When at={g.until} show="datetime" />
                </>
              ) : (
                `for ${g.hours} ${g.hours === 1 ? "hour" : "hours"} once confirmed`
              ),
            },
            ...(g.endedBy
              ? [
                  {
                    key: g.confirmedAt ? "Ended early" : "Withdrawn",
                    value: (
                      <>
                        {g.endedBy}, <When at={g.endedAt} show="datetime" />: {g.endReason}
                      </>
                    ),
                  },
                ]
              : []),
            { key: "Artefact", value: <Digest value={`sha256:${g.digest}`} /> },
            { key: "Asked, signed by the portal", value: <Digest value={g.requestStatement} /> },
            ...(g.confirmation
              ? [{ key: "Confirmed, signed by their key", value: <Digest value={g.confirmation} /> }]
              : []),
          ]}
        />
      </Section>
      <Section title="What the gate named" note="when it was asked for">
        {g.passes.map((p) => (
          <SoonReason key={`${p.code}${p.text}`} code={p.code}>
            {p.text}
          </SoonReason>
        ))}
      </Section>
      <Section title="Looked at afterwards">
        {g.verdict ? (
          <>
            <p>
              <b className="b">{verdictName[g.verdict]}.</b> {g.reviewedBy}, <When at={g.reviewedAt} show="datetime" />
              {g.reviewDueOn ? (
                <>
                  ; was due by <When at={g.reviewDueOn} show="day" />
                </>
              ) : null}
              .
            </p>
            <p className="record">{g.findings}</p>
            {g.followUp ? (
              <p>
                <b className="b">What follows.</b> {g.followUp}
              </p>
            ) : null}
            {g.incident ? (
              <p>
                Incident <Link href={`/reviews/incidents/${g.incident}`}>{g.incident}</Link>
              </p>
            ) : null}
          </>
        ) : g.reviewDueOn ? (
          <p className={g.overdue ? "st fail" : "ink2"}>
            Nobody yet. Due by <When at={g.reviewDueOn} show="day" />
            {g.escalatedAt ? (
              <>
                ; put before the executive risk committee on <When at={g.escalatedAt} />
              </>
            ) : null}
            .
          </p>
        ) : (
          <p className="ink2">It has not opened the gate.</p>
        )}
      </Section>
    </Page>
  );
}
