import { ActionForm } from "@/components/ui/action-form";
import { DateField, NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import { localOf } from "@/lib/core/zone";
import { itemKindName, itemKinds, mayChangeAgenda, mayChangePlan } from "@/lib/meetings/meeting";
import type { meetingGet, WaitingReview } from "@/lib/meetings/queries";
import { sayWeekday } from "@/lib/meetings/say";
import { laneName } from "@/lib/reviews/review";
import { addItemAction, cancelAction, moveAction } from "../actions";

export type MeetingRead = Awaited<ReturnType<typeof meetingGet>>;

/** The right column: particulars, and what the chair or an architect can do with them. */
export function Arranging({
  meeting,
  actor,
  waiting,
}: {
  meeting: MeetingRead;
  actor: Actor;
  waiting: readonly WaitingReview[];
}) {
  const agenda = mayChangeAgenda(actor, meeting);
  const plan = mayChangePlan(actor, meeting);
  const local = localOf(meeting.startsAt, meeting.zone);
  const hidden = { ref: meeting.ref };
  return (
    <>
      <section className="ds">
        <h2>Meeting</h2>
        <KeyValues
          items={[
            { key: "Chair", value: meeting.chair },
            { key: "Place", value: meeting.place || <span className="mut">none given</span> },
            { key: "Papers by", value: sayWeekday(meeting.preReadOn) },
            { key: "Series", value: meeting.series ?? <span className="mut">none</span> },
          ]}
        />
        <p style={{ marginTop: 8 }}>
          <a href={`/meetings/${meeting.ref}/meeting.ics`} download>
            Add to my calendar
          </a>
        </p>
      </section>
      {meeting.status === "planned" || meeting.status === "open" ? (
        <section className="ds">
          <h2>Put on the agenda</h2>
          {agenda.ok ? (
            <>
              <details className="more" open={waiting.length > 0}>
                <summary>A review</summary>
                {waiting.length === 0 ? (
                  <p className="mut">Nothing that waits for the board is without a meeting.</p>
                ) : (
                  <ActionForm
                    action={addItemAction}
                    submit="Add the review"
                    tone="outlined"
                    hidden={{ ...hidden, kind: "review" }}
                    label="Add a review"
                  >
                    <SelectField
                      name="review"
                      label="Review"
                      hint="Those on no agenda, the first promised first."
                      options={waiting.map((r) => ({
                        value: r.ref,
                        label: `${r.ref} ${r.title}${r.lane ? `, ${laneName[r.lane].toLowerCase()}` : ""}`,
                      }))}
                    />
                  </ActionForm>
                )}
              </details>
              <details className="more">
                <summary>Something else</summary>
                <ActionForm
                  action={addItemAction}
                  submit="Add the item"
                  tone="outlined"
                  hidden={hidden}
                  label="Add an item"
                >
                  <SelectField
                    name="kind"
                    label="Kind"
                    defaultValue="advice"
                    options={itemKinds
                      .filter((kind) => kind !== "review")
                      .map((kind) => ({ value: kind, label: itemKindName[kind] }))}
                  />
                  <TextField name="title" label="What" maxLength={200} />
                  <TextArea name="text" label="In a few words" optional rows={2} maxLength={4000} />
                  <NumberField name="minutes:number" label="Minutes" optional min={5} max={240} />
                </ActionForm>
              </details>
            </>
          ) : (
            <WhyButton label="Add an item" reason={agenda.reason} />
          )}
        </section>
      ) : null}
      {meeting.status === "planned" && plan.ok ? (
        <section className="ds">
          <h2>More</h2>
          <details className="more">
            <summary>Move the meeting</summary>
            <ActionForm
              key={meeting.revision}
              action={moveAction}
              submit="Move"
              tone="outlined"
              hidden={{ ...hidden, "revision:number": String(meeting.revision) }}
              label="Move the meeting"
            >
              <DateField name="on" label="Day" defaultValue={local.day} />
              <TextField name="time" label={`Local time (${meeting.zone})`} defaultValue={local.time} maxLength={5} />
              <NumberField name="minutes:number" label="Minutes" defaultValue={String(meeting.minutes)} />
              <TextField
                name="place:text"
                label="Place or link"
                optional
                defaultValue={meeting.place}
                maxLength={300}
              />
              <TextField name="reason" label="Reason" maxLength={500} />
            </ActionForm>
          </details>
          <details className="more">
            <summary>Cancel the meeting</summary>
            <ActionForm
              action={cancelAction}
              submit="Cancel the meeting"
              tone="outlined"
              hidden={hidden}
              label="Cancel the meeting"
              confirm={{
                title: `Cancel ${meeting.ref}?`,
                text: "Everyone's calendar shows it as cancelled. This cannot be taken back; plan another instead.",
                yes: "Cancel the meeting",
              }}
            >
              <TextField name="reason" label="Reason" maxLength={500} />
            </ActionForm>
          </details>
        </section>
      ) : null}
    </>
  );
}
