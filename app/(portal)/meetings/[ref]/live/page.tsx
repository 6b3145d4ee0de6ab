import type { Metadata } from "next";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { Pulse } from "@/components/meetings/pulse";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayLead, mayOpen, mayTakeLead, tooEarly } from "@/lib/meetings/live";
import { meetingLive, meetingPulse } from "@/lib/meetings/live-queries";
import { sayMeetingTime } from "@/lib/meetings/say";
import { closeAction, leadAction, openAction } from "../../actions";
import { MeetingStatusMark } from "../../status";
import { Current } from "./current";
import { Room } from "./room";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }): Promise<Metadata> {
  return { title: `${(await params).ref} live` };
}

/** The room: what is being discussed, by whom, since when, and who may decide it. Every screen follows. */
export default async function LivePage({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const { ref } = await params;
  // Asked before the rest is read: what happens in between is seen as a change, not missed.
  const { mark } = await orNotFound(meetingPulse, ctx, { ref });
  const meeting = await orNotFound(meetingLive, ctx, { ref });
  const hidden = { ref: meeting.ref };
  const lead = mayTakeLead(ctx.actor, meeting);
  const close = mayLead(ctx.actor, meeting);
  const open = mayOpen(ctx.actor, meeting);
  const early = tooEarly(meeting, ctx.now());
  const left = meeting.items.filter((i) => i.state === "waiting").length;
  return (
    <Page name="review p-meetings" aside={<Room meeting={meeting} actor={ctx.actor} />}>
      <Pulse meeting={meeting.ref} mark={mark} />
      <PageHead
        title={meeting.title}
        state={<MeetingStatusMark status={meeting.status} tag />}
        lede={
          <>
            <span className="mono">{meeting.ref}</span>,{" "}
            {sayMeetingTime(meeting.startsAt, meeting.minutes, meeting.zone)}.{" "}
            {meeting.leader ? `${meeting.leader} leads.` : `${meeting.chair} chairs.`}
          </>
        }
        actions={
          <>
            <ButtonLink href={`/meetings/${meeting.ref}`}>Agenda</ButtonLink>
            {meeting.status === "open" && lead.ok ? (
              <ActionForm
                action={leadAction}
                submit="Take the lead"
                tone="outlined"
                hidden={hidden}
                label="Take the lead"
                confirm={{
                  title: "Take the lead?",
                  text: `${meeting.leader} leads this meeting now. Their screen says that you took over.`,
                  yes: "Take the lead",
                }}
              />
            ) : null}
            {meeting.status === "open" && close.ok ? (
              <ActionForm
                action={closeAction}
                submit="Close the meeting"
                tone="outlined"
                hidden={hidden}
                label="Close the meeting"
                confirm={{
                  title: "Close the meeting?",
                  text:
                    left > 0
                      ? `${left} ${left === 1 ? "item was" : "items were"} not reached; the minutes say so. A closed meeting is not opened again.`
                      : "A closed meeting is not opened again. The minutes come next.",
                  yes: "Close the meeting",
                }}
              />
            ) : null}
          </>
        }
      />
      {meeting.status === "planned" ? (
        <Notice tone="info">
          The meeting is not open yet. This page follows by itself.
          {open.ok && !early ? (
            <div style={{ marginTop: 8 }}>
              <ActionForm action={openAction} submit="Open the meeting" hidden={hidden} label="Open the meeting" />
            </div>
          ) : (
            <div style={{ marginTop: 8 }}>
              <WhyButton label="Open the meeting" reason={open.ok ? (early ?? "") : open.reason} />
            </div>
          )}
        </Notice>
      ) : null}
      {meeting.status === "closed" ? (
        <Notice tone="info" action={<ButtonLink href={`/meetings/${meeting.ref}/minutes`}>Minutes</ButtonLink>}>
          The meeting is closed.
        </Notice>
      ) : null}
      {meeting.status === "cancelled" ? <Notice tone="care">The meeting was cancelled.</Notice> : null}
      {meeting.status === "open" ? <Current meeting={meeting} ctx={ctx} /> : null}
    </Page>
  );
}
