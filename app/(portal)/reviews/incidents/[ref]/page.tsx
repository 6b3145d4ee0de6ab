import type { Metadata } from "next";
import { Lasted, ReviewState } from "@/components/incidents/review-state";
import { HistoryPanel } from "@/components/log/history";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { DateField, NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Actor } from "@/lib/core/actor";
import {
  lacks,
  mayAddCondition,
  mayOpenReview,
  mayPublish,
  mayWrite,
  outcomeName,
} from "@/lib/incident-reviews/incident-review";
import { getIncident, type Outcome } from "@/lib/incident-reviews/queries";
import { libraryHref, libraryKinds } from "@/lib/library/library";
import { entriesFor } from "@/lib/log/queries";
import { activePeople } from "@/lib/reviews/queries";
import { conditionKindName, conditionKinds } from "@/lib/reviews/review";
import { orNotFound } from "../../../not-found-if";
import { changeAction, conditionAction, debtAction, openAction, publishAction, writeAction } from "../actions";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }): Promise<Metadata> {
  return { title: (await params).ref };
}

type Incident = Awaited<ReturnType<typeof getIncident>>;
type Review = NonNullable<Incident["review"]>;

export default async function IncidentPage({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  const ctx = await pageContext();
  const incident = await orNotFound(getIncident, ctx, { incident: ref });
  const { review } = incident;
  const people = (await activePeople(ctx.db)).map((p) => ({ value: p.id, label: p.name }));
  const entries = await entriesFor(ctx.db, {
    subject: incident.reviewId
      ? { kind: "incident_review", id: incident.reviewId }
      : { kind: "incident", id: incident.id },
    limit: 12,
  });
  const opening = mayOpenReview(ctx.actor, incident.unitId);
  return (
    <Page
      name="patterns"
      aside={<HistoryPanel entries={entries} all={`/log?subject=${incident.ref ?? incident.incident}`} />}
    >
      <PageHead
        title={incident.title}
        state={<ReviewState incident={incident} tag />}
        lede={
          <>
            <span className="mono">{incident.incident}</span>, severity {incident.severity}, of{" "}
            <Link href={`/models/${encodeURIComponent(incident.model)}`}>{incident.model}</Link>.
          </>
        }
        actions={<ButtonLink href="/reviews/incidents">Incidents</ButtonLink>}
      />
      <Section title="The incident">
        <KeyValues
          items={[
            { key: "Began", value: <When at={incident.startedAt} show="datetime" /> },
            { key: "Lasted", value: <Lasted startedAt={incident.startedAt} resolvedAt={incident.resolvedAt} /> },
            { key: "First cause told", value: incident.cause || null },
            { key: "Ended by", value: incident.intervention.replaceAll("_", " ") },
            { key: "Version", value: incident.version },
          ]}
        />
      </Section>
      {review && incident.ref ? (
        <Learnt incident={incident} review={review} actor={ctx.actor} people={people} />
      ) : (
        <Section title="Review">
          {opening.ok ? (
            <div style={{ maxWidth: 560 }}>
              <ActionForm
                action={openAction}
                submit="Open a review"
                hidden={{ incident: incident.incident }}
                label="Open a review of the incident"
              >
                <SelectField name="owner" label="Who answers for it" options={people} />
                <DateField name="dueOn" label="Published by" />
              </ActionForm>
            </div>
          ) : (
            <WhyButton label="Open a review" reason={opening.reason} />
          )}
        </Section>
      )}
    </Page>
  );
}

type Names = readonly { value: string; label: string }[];

function Learnt({
  incident,
  review,
  actor,
  people,
}: {
  incident: Incident;
  review: Review;
  actor: Actor;
  people: Names;
}) {
  const rules = {
    ref: incident.ref ?? "",
    state: incident.state ?? "open",
    ownerId: incident.ownerId ?? "",
    unitId: incident.unitId,
  };
  const writing = mayWrite(actor, rules);
  const missing = lacks({ ...review, outcomes: review.follows.length });
  return (
    <>
      <Section
        title={`Review ${incident.ref}`}
        note={
          review.publishedAt ? (
            <When at={review.publishedAt} />
          ) : (
            <>
              due <When at={incident.dueOn} show="day" />
            </>
          )
        }
      >
        <p className="lbl">
          Opened by {review.opener}; {incident.owner} answers for it.
        </p>
        <div className="learnt">
          <h3>What happened</h3>
          <p className="on-record" style={{ whiteSpace: "pre-line" }}>
            {review.facts || <span className="mut">Not written yet</span>}
          </p>
          <h3>What contributed</h3>
          {review.causes.length === 0 ? <p className="mut">No cause is named yet.</p> : null}
          <ul className="pts">
            {review.causes.map((cause) => (
              <li key={cause}>{cause}</li>
            ))}
          </ul>
          {review.lessons ? (
            <>
              <h3>What was learnt</h3>
              <p className="on-record" style={{ whiteSpace: "pre-line" }}>
                {review.lessons}
              </p>
            </>
          ) : null}
        </div>
        {writing.ok ? (
          <details>
            <summary>Write it</summary>
            <div style={{ maxWidth: 640 }}>
              <ActionForm
                key={review.revision}
                action={writeAction}
                submit="Keep"
                tone="outlined"
                keep
                guard
                hidden={{ ref: rules.ref, "revision:number": String(review.revision), "causes[]": "" }}
                label="Write the review"
              >
                <TextArea
                  name="facts:text"
                  label="What happened"
                  hint="In order, with times. What was seen, and what was done."
                  rows={6}
                  voice="record"
                  optional
                  defaultValue={review.facts}
                />
                <TextArea
                  name="causes:lines"
                  label="What contributed"
                  hint="One on each line: what the system, the process or the tools allowed. Roles, not names."
                  rows={4}
                  optional
                  defaultValue={review.causes.join("\n")}
                />
                <TextArea
                  name="lessons:text"
                  label="What was learnt"
                  rows={3}
                  voice="record"
                  optional
                  defaultValue={review.lessons}
                />
              </ActionForm>
            </div>
          </details>
        ) : (
          <WhyButton label="Write it" reason={writing.reason} />
        )}
      </Section>
      <Section title="What follows">
        {review.follows.length === 0 ? <p className="mut">Nothing yet.</p> : null}
        {review.follows.map((outcome) => (
          <Follows key={`${outcome.kind} ${outcome.ref} ${outcome.at}`} outcome={outcome} />
        ))}
        {incident.state === "open" ? <Ways rules={rules} actor={actor} people={people} /> : null}
      </Section>
      {incident.state === "open" ? (
        <Section title="Publish">
          <Publish rules={rules} actor={actor} missing={missing} />
        </Section>
      ) : null}
    </>
  );
}

type Rules = Parameters<typeof mayWrite>[1];

function Publish({ rules, actor, missing }: { rules: Rules; actor: Actor; missing: readonly string[] }) {
  const may = mayPublish(actor, rules);
  if (!may.ok) return <WhyButton label="Publish" reason={may.reason} />;
  if (missing.length > 0) return <WhyButton label="Publish" missing={missing.map((text) => ({ text }))} />;
  return (
    <ActionForm
      action={publishAction}
      submit="Publish"
      hidden={{ ref: rules.ref }}
      confirm={{ title: "Publish the review?", text: "It stays as it is from then on.", yes: "Publish" }}
      label="Publish the review"
    />
  );
}

function Follows({ outcome: o }: { outcome: Outcome }) {
  const [kind, id = ""] = o.ref.split("/");
  const library = libraryKinds.find((k) => k === kind);
  const href =
    o.kind === "condition"
      ? `/reviews/${o.review}#${o.ref}`
      : o.kind === "debt"
        ? `/guidance/backlog/${o.ref}`
        : library
          ? libraryHref(library, id)
          : "/guidance";
  return (
    <article className="pt whole">
      <div>
        <div className="row w">
          <span className="lbl">{outcomeName[o.kind]}</span>
          <span className="sp" />
          <span className="lbl">{o.done}</span>
        </div>
        <p>{o.text}</p>
        <p className="lbl">
          <Link href={href}>{o.ref}</Link>, {o.by}, <When at={o.at} />
        </p>
      </div>
    </article>
  );
}

function Ways({ rules, actor, people }: { rules: Rules; actor: Actor; people: Names }) {
  const writing = mayWrite(actor, rules);
  const binding = mayAddCondition(actor, rules);
  const hidden = { ref: rules.ref };
  return (
    <div style={{ maxWidth: 560 }}>
      {binding.ok ? (
        <details>
          <summary>Add a condition</summary>
          <ActionForm
            action={conditionAction}
            submit="Add the condition"
            tone="outlined"
            hidden={hidden}
            label="Add a condition"
          >
            <TextArea name="text" label="What has to be done" rows={2} />
            <SelectField
              name="kind"
              label="Before"
              options={conditionKinds.map((k) => ({ value: k, label: conditionKindName[k] }))}
            />
            <SelectField name="owner" label="Owner" options={people} />
            <DateField name="dueOn" label="Due" />
          </ActionForm>
        </details>
      ) : (
        <WhyButton label="Add a condition" reason={binding.reason} />
      )}
      {writing.ok ? (
        <>
          <details>
            <summary>Propose a change of a text</summary>
            <ActionForm action={changeAction} submit="Propose" tone="outlined" hidden={hidden} label="Propose a change">
              <TextField
                name="text"
                label="Text of the library"
                hint="Its kind and name, like standard/naming or pattern/online-inference-kubernetes."
                maxLength={140}
              />
              <TextArea name="change" label="What it should say" rows={3} />
            </ActionForm>
          </details>
          <details>
            <summary>Put debt on the backlog</summary>
            <ActionForm
              action={debtAction}
              submit="Put it there"
              tone="outlined"
              hidden={hidden}
              label="Put debt on the backlog"
            >
              <TextField name="title" label="What is owed" maxLength={160} />
              <TextArea name="why" label="What it costs while it is there" rows={2} />
              <TextArea name="justification" label="What the business gets from it" rows={2} />
              <NumberField name="points:number" label="Effort, points" min={1} max={100} />
              <NumberField name="gain:number" label="Interest, points a quarter" min={0} max={100} />
            </ActionForm>
          </details>
        </>
      ) : null}
    </div>
  );
}
