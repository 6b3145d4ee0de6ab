import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { type Row, Table } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { hasFeed } from "@/lib/meetings/feed";
import { mayArrange } from "@/lib/meetings/meeting";
import { type MeetingRow, meetingList, meetingViews, type SeriesRow, seriesList } from "@/lib/meetings/queries";
import { sayMeetingTime, sayWeekday } from "@/lib/meetings/say";
import { seriesRuleName } from "@/lib/meetings/slots";
import { orEmpty } from "../not-found-if";
import { endSeriesAction, makeFeedAction, revokeFeedAction } from "./actions";
import { MeetingStatusMark } from "./status";

export const metadata: Metadata = { title: "Meetings" };

const viewName = { ahead: "Ahead", past: "Past" } as const;

export default async function MeetingsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const view = meetingViews.find((v) => v === params.view) ?? "ahead";
  const list = await orEmpty(meetingList, ctx, { view, limit: 20, ...(params.after ? { after: params.after } : {}) });
  const items = list?.items ?? [];
  const series = await seriesList(ctx, {});
  const may = mayArrange(ctx.actor);
  const feed = await hasFeed(ctx.db, ctx.actor.id);
  return (
    <Page name="meetings">
      <PageHead
        title="Meetings"
        lede="When the review board meets, and what about."
        actions={
          <>
            <ButtonLink href="/board">Board</ButtonLink>
            {may.ok ? (
              <ButtonLink href="/meetings/new" tone="primary">
                Plan a meeting
              </ButtonLink>
            ) : (
              <WhyButton label="Plan a meeting" reason={may.reason} />
            )}
          </>
        }
      />
      <Tabs
        label="Which meetings"
        items={meetingViews.map((v) => ({
          href: withParams("/meetings", {}, { view: v === "ahead" ? null : v }),
          name: viewName[v],
          on: v === view,
        }))}
      />
      <div style={{ marginTop: 12 }}>
        <Table
          label={viewName[view]}
          columns={[
            { id: "ref", name: "Meeting", width: 100 },
            { id: "when", name: "When" },
            { id: "agenda", name: "Agenda", width: 170 },
            { id: "papers", name: "Papers by", width: 150 },
            { id: "chair", name: "Chair", width: 160 },
            { id: "status", name: "Status", width: 130 },
          ]}
          rows={items.map(row)}
          empty={
            <Empty
              title={view === "ahead" ? "No meeting is planned" : "No meeting was held yet"}
              action={may.ok ? <ButtonLink href="/meetings/new">Plan a meeting</ButtonLink> : undefined}
            >
              {view === "ahead" ? "A series makes its meetings for the next 90 days." : null}
            </Empty>
          }
        />
      </div>
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={null}
          noun="meeting"
          next={list?.next ? withParams("/meetings", params, { after: list.next }) : null}
          start={params.after ? withParams("/meetings", params, { after: null }) : null}
        />
      ) : null}
      <Section title="My calendar" id="calendar">
        <p className="ink2">
          {feed
            ? "Your calendar has a secret address. A new one makes the old one stop working."
            : "A secret address by which your calendar shows the board's meetings that concern you, and what is due from you."}
        </p>
        <div className="row w" style={{ marginTop: 8, alignItems: "flex-start" }}>
          <ActionForm
            action={makeFeedAction}
            submit={feed ? "Make a new address" : "Make the address"}
            tone="outlined"
            label="Make a calendar address"
          />
          {feed ? (
            <ActionForm
              action={revokeFeedAction}
              submit="Take it back"
              tone="outlined"
              label="Take the calendar address back"
            />
          ) : null}
        </div>
      </Section>
      {series.items.length > 0 ? (
        <Section title="Series">
          <Table
            label="Series of meetings"
            columns={[
              { id: "name", name: "Series" },
              { id: "rule", name: "Comes round" },
              { id: "chair", name: "Chair", width: 160 },
              { id: "act", name: <span className="sr-only">End</span>, width: 280 },
            ]}
            rows={series.items.map((s) => seriesRow(s, may.ok))}
          />
        </Section>
      ) : null}
    </Page>
  );
}

function row(m: MeetingRow): Row {
  const startsAt = new Date(m.startsAt);
  const when = (
    <>
      <Link href={`/meetings/${m.ref}`} className="plain b">
        {m.title}
      </Link>
      <div className="lbl">
        {sayMeetingTime(startsAt, m.minutes, m.zone)}
        {m.place ? `. ${m.place}` : ""}
      </div>
    </>
  );
  const agenda =
    m.items > 0 ? `${m.items} ${m.items === 1 ? "item" : "items"}, ${m.used} of ${m.minutes} min` : "Empty";
  const status = <MeetingStatusMark status={m.status} />;
  return {
    id: m.ref,
    cells: {
      ref: <span className="mono">{m.ref}</span>,
      when: <div style={{ padding: "6px 0" }}>{when}</div>,
      agenda: m.items > 0 ? agenda : <span className="mut">{agenda}</span>,
      papers: sayWeekday(m.preReadOn),
      chair: m.chair,
      status,
    },
    card: (
      <>
        <div className="row">
          <span className="mono">{m.ref}</span>
          <span className="sp" />
          {status}
        </div>
        {when}
        <div className="lbl">{agenda}</div>
      </>
    ),
  };
}

function seriesRow(s: SeriesRow, mayEnd: boolean): Row {
  const first = sayWeekday(s.startsOn);
  const rule = `${seriesRuleName[s.rule]}, ${first.slice(0, 3)} at ${s.localTime} (${s.zone}), ${s.minutes} min`;
  const act = mayEnd ? (
    <details className="more">
      <summary>End the series</summary>
      <ActionForm action={endSeriesAction} submit="End the series" tone="outlined" hidden={{ series: s.id }}>
        <TextField name="reason" label="Reason" maxLength={500} hint="Planned meetings are cancelled with it." />
      </ActionForm>
    </details>
  ) : null;
  return {
    id: s.id,
    cells: { name: <b className="b">{s.name}</b>, rule, chair: s.chair, act },
    card: (
      <>
        <b className="b">{s.name}</b>
        <div className="lbl">
          {rule}. {s.chair} chairs.
        </div>
        {act}
      </>
    ),
  };
}
