import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { DateField, NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Actor } from "@/lib/core/actor";
import { localOf, timeZones } from "@/lib/core/zone";
import { seriesRuleName, seriesRules } from "@/lib/meetings/slots";
import { mayAdvise, mayBook, mayCancel, mayEndHours, mayOffer } from "@/lib/office-hours/office-hours";
import { type Booking, readOfficeHours } from "@/lib/office-hours/queries";
import { adviseAction, bookAction, cancelAction, endAction, offerAction } from "./actions";

export const metadata: Metadata = { title: "Office hours" };

type Offered = Awaited<ReturnType<typeof readOfficeHours>>["offered"][number];

export default async function OfficeHoursPage() {
  const ctx = await pageContext();
  const { offered, mine } = await readOfficeHours(ctx, {});
  const now = ctx.now();
  const offering = mayOffer(ctx.actor);
  return (
    <Page name="patterns">
      <PageHead
        title="Office hours"
        lede="Ask an architect before there is anything to review. What was advised is kept, and goes into the review where there is one."
      />
      <GuidanceTabs at="/guidance/office-hours" />
      {mine.length > 0 ? (
        <Section title="Yours">
          {mine.map((b) => (
            <OneBooking key={b.id} booking={b} actor={ctx.actor} now={now} />
          ))}
        </Section>
      ) : null}
      <Section title="Offered">
        {offered.length === 0 ? (
          <Empty title="Nobody offers hours yet">An architect offers them below.</Empty>
        ) : (
          offered.map((hours) => <OneOffer key={hours.id} hours={hours} actor={ctx.actor} />)
        )}
      </Section>
      <Section title="Offer hours">
        {offering.ok ? (
          <details>
            <summary>Offer hours of your own</summary>
            <div style={{ maxWidth: 560 }}>
              <ActionForm action={offerAction} submit="Offer" guard label="Offer office hours">
                <TextField name="topic" label="What you can be asked" maxLength={160} />
                <SelectField
                  name="rule"
                  label="How often"
                  options={seriesRules.map((r) => ({ value: r, label: seriesRuleName[r] }))}
                />
                <DateField name="startsOn" label="First on" />
                <TextField name="time" label="Local time" type="time" />
                <SelectField name="zone" label="Time zone" options={timeZones().map((z) => ({ value: z, label: z }))} />
                <NumberField
                  name="slotMinutes:number"
                  label="Minutes for each slot"
                  min={10}
                  max={120}
                  defaultValue={30}
                />
                <NumberField name="slots:number" label="Slots one after the other" min={1} max={12} defaultValue={3} />
                <TextField name="place" label="Where" hint="A room, or a link." optional maxLength={300} />
              </ActionForm>
            </div>
          </details>
        ) : (
          <WhyButton label="Offer hours" reason={offering.reason} />
        )}
      </Section>
    </Page>
  );
}

const sayRule = (h: Offered): string =>
  `${seriesRuleName[h.rule]} at ${h.localTime} ${h.zone}, ${h.slots} ${h.slots === 1 ? "slot" : "slots"} of ${h.slotMinutes} minutes`;

function OneOffer({ hours, actor }: { hours: Offered; actor: Actor }) {
  const booking = mayBook(actor, hours);
  const [next] = hours.free;
  return (
    <article className="pt whole">
      <div>
        <h3>{hours.topic}</h3>
        <p className="lbl">
          {hours.architect}. {sayRule(hours)}. {hours.place}
        </p>
        <p className="ink2">
          {next ? (
            <>
              Next free <When at={next.startsAt} show="datetime" />; {hours.free.length + hours.more} free in six weeks.
            </>
          ) : (
            "No slot is free in six weeks."
          )}
        </p>
        {booking.ok && next ? (
          <details>
            <summary>Book</summary>
            <div style={{ maxWidth: 480 }}>
              <ActionForm
                action={bookAction}
                submit="Book"
                guard
                hidden={{ hours: hours.id }}
                label={`Book an hour of ${hours.architect}`}
              >
                <SelectField
                  name="when"
                  label="Slot"
                  hint={`On the clocks of ${hours.zone}.`}
                  options={hours.free.map((s) => {
                    const local = localOf(s.startsAt, hours.zone);
                    return { value: `${s.on} ${s.slot}`, label: `${local.day} ${local.time}` };
                  })}
                />
                <TextArea name="topic" label="What you want to ask" rows={3} />
                <TextField name="model" label="Model" hint="Its name in the inventory." optional maxLength={400} />
                <TextField name="review" label="Review" hint="Like REV-0012." optional maxLength={60} />
              </ActionForm>
            </div>
          </details>
        ) : booking.ok ? null : (
          <WhyButton label="Book" reason={booking.reason} />
        )}
        {mayEndHours(actor, hours).ok ? (
          <ActionForm
            action={endAction}
            submit="End these hours"
            tone="outlined"
            hidden={{ hours: hours.id }}
            confirm={{
              title: "End these office hours?",
              text: "What is booked ahead is cancelled, and those who booked are told.",
              yes: "End them",
            }}
            label="End these hours"
          />
        ) : null}
      </div>
    </article>
  );
}

function OneBooking({ booking: b, actor, now }: { booking: Booking; actor: Actor; now: Date }) {
  const subject = {
    architectId: b.architectId,
    bookedBy: b.bookedBy,
    startsAt: new Date(b.startsAt),
    cancelled: false,
    advised: b.advice !== null,
  };
  const advising = mayAdvise(actor, subject, now);
  return (
    <article className="pt whole">
      <div>
        <div className="row w">
          <h3>
            <When at={b.startsAt} show="datetime" />
          </h3>
          <span className="lbl">
            {actor.id === b.architectId ? `asked by ${b.booker}` : `with ${b.architect}`}
            {b.place ? `, ${b.place}` : ""}
          </span>
        </div>
        <p>{b.topic}</p>
        <p className="lbl">
          {b.model ? <Link href={`/models/${encodeURIComponent(b.model)}`}>{b.model}</Link> : "About no model"}
          {b.review ? (
            <>
              , <Link href={`/reviews/${b.review}#advice`}>{b.review}</Link>
            </>
          ) : null}
        </p>
        {b.advice ? (
          <>
            <p className="on-record">{b.advice}</p>
            {b.logged ? <p className="lbl">In the advice log of {b.review}.</p> : null}
          </>
        ) : null}
        {advising.ok ? (
          <details>
            <summary>Say what was advised</summary>
            <ActionForm
              action={adviseAction}
              submit="Keep"
              tone="outlined"
              guard
              hidden={{ booking: b.id }}
              label="Say what was advised"
            >
              <TextArea name="advice" label="What was advised" voice="record" rows={4} />
            </ActionForm>
          </details>
        ) : null}
        {mayCancel(actor, subject).ok ? (
          <details>
            <summary className="lbl">Cancel it</summary>
            <ActionForm
              action={cancelAction}
              submit="Cancel the hour"
              tone="outlined"
              hidden={{ booking: b.id }}
              label="Cancel it"
            >
              <TextField name="reason" label="Why" maxLength={500} />
            </ActionForm>
          </details>
        ) : null}
      </div>
    </article>
  );
}
