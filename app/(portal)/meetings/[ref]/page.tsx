import type { Metadata } from "next";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { AgendaList } from "@/components/meetings/agenda-list";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { mayChangeAgenda } from "@/lib/meetings/meeting";
import { meetingGet, waitingReviews } from "@/lib/meetings/queries";
import { sayMeetingTime, sayWeekday } from "@/lib/meetings/say";
import { fillAction, order, retime, takeOff } from "../actions";
import { MeetingStatusMark } from "../status";
import { Arranging } from "./arranging";
import { ItemLine } from "./item-line";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }): Promise<Metadata> {
  return { title: (await params).ref };
}

export default async function MeetingPage({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const meeting = await orNotFound(meetingGet, ctx, { ref: (await params).ref });
  const may = mayChangeAgenda(ctx.actor, meeting);
  const waiting = may.ok ? await waitingReviews(ctx.db, ctx.actor) : [];
  const spare = meeting.minutes - meeting.used;
  return (
    <Page name="meetings" aside={<Arranging meeting={meeting} actor={ctx.actor} waiting={waiting} />}>
      <PageHead
        title={meeting.title}
        state={<MeetingStatusMark status={meeting.status} tag />}
        lede={
          <>
            <span className="mono">{meeting.ref}</span>,{" "}
            {sayMeetingTime(meeting.startsAt, meeting.minutes, meeting.zone)}
            {meeting.place ? `, ${meeting.place}` : ""}. {meeting.chair} chairs.
          </>
        }
        actions={
          meeting.status === "closed" ? (
            <ButtonLink href={`/meetings/${meeting.ref}/minutes`} tone="primary">
              Minutes
            </ButtonLink>
          ) : meeting.status === "cancelled" ? null : (
            <ButtonLink
              href={`/meetings/${meeting.ref}/live`}
              tone={meeting.status === "open" ? "primary" : "outlined"}
            >
              {meeting.status === "open" ? "Go in" : "To the room"}
            </ButtonLink>
          )
        }
      />
      {meeting.status === "cancelled" ? <Notice tone="care">Cancelled: {meeting.cancelledReason}</Notice> : null}
      <Section
        title="Agenda"
        note={
          meeting.items.length === 0
            ? undefined
            : spare >= 0
              ? `${meeting.used} of ${meeting.minutes} minutes`
              : `${-spare} minutes over`
        }
      >
        {spare < 0 ? (
          <Notice tone="care">
            The items take {meeting.used} minutes, the meeting has {meeting.minutes}. Take something off, or give less
            time.
          </Notice>
        ) : null}
        {meeting.items.length === 0 ? (
          <Empty title="Nothing is on the agenda yet">
            {may.ok ? "Fill it from the queue, or add items one by one." : "The chair or an architect fills it."}
          </Empty>
        ) : (
          <AgendaList
            meeting={{
              ref: meeting.ref,
              revision: meeting.revision,
              startsAt: meeting.startsAt.toISOString(),
              zone: meeting.zone,
            }}
            lines={meeting.items.map((item, i) => ({
              id: item.id,
              name: item.review?.ref ?? item.title ?? `item ${i + 1}`,
              minutes: item.minutes,
              body: <ItemLine item={item} />,
            }))}
            editable={may.ok}
            order={order}
            retime={retime}
            takeOff={takeOff}
          />
        )}
        <p className="lbl" style={{ marginTop: 12 }}>
          Papers are read by {sayWeekday(meeting.preReadOn)}.{" "}
          {meeting.lateFromNow && (meeting.status === "planned" || meeting.status === "open")
            ? "What is added from now on is marked late."
            : ""}
        </p>
        {may.ok ? (
          <ActionForm
            action={fillAction}
            submit="Fill from the queue"
            tone={meeting.items.length === 0 ? "primary" : "outlined"}
            hidden={{ ref: meeting.ref }}
            label="Fill the agenda from the queue"
          />
        ) : null}
      </Section>
    </Page>
  );
}
