import type { Metadata } from "next";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { LaneBar, sayDays } from "@/components/reviews/lane-bar";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { type Row, Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { keptMeasures } from "@/lib/reviews/kept";
import { surveyQuestions } from "@/lib/reviews/look";
import { windows } from "@/lib/reviews/measure";
import { type LaneMeasure, measures, mostFullBoard, type Share, type Spread } from "@/lib/reviews/measures";
import { promiseText } from "@/lib/reviews/promise";
import { laneName } from "@/lib/reviews/review";
import { listUnits } from "@/lib/units/queries";

export const metadata: Metadata = { title: "How the board works" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const percent = (share: Share) => (share.share === null ? null : `${Math.round(share.share * 100)} %`);
const score = (mean: number | null) => (mean === null ? "no answer" : mean.toFixed(1));
const both = (s: Spread | null) =>
  s === null ? <span className="mut">none decided</span> : `${sayDays(s.median)} / ${sayDays(s.p85)}`;

export default async function MeasuresPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const asked = { days: one(params.days), unit: one(params.unit) };
  const [found, units] = await Promise.all([orNotFound(keptMeasures, ctx, asked), orNotFound(listUnits, ctx, {})]);
  const rowsAt = (id: string, more: Readonly<Record<string, string>> = {}) =>
    withParams(`/reviews/measures/${id}`, { days: params.days, unit: params.unit }, more);
  return (
    <Page name="records">
      <PageHead
        title="How the board works"
        lede={
          <>
            Decisions since <When at={found.since} show="day" />, in business days of each unit&apos;s calendar. Open
            reviews count as open, never as fast.
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <Filters
          filters={[
            {
              key: "days",
              name: "Looking back",
              options: windows.map((d) => ({ value: String(d), label: `${d} days` })),
            },
            { key: "unit", name: "Unit", options: units.items.map((u) => ({ value: u.slug, label: u.path })) },
          ]}
        />
      </div>
      {found.tooManyFull ? (
        <Notice tone="care">
          More than {mostFullBoard * 100} % of what was handed in goes before the full board. Look at the triggers of
          triage, or which reference architecture is missing.
        </Notice>
      ) : null}
      {found.decided === 0 && found.open === 0 ? (
        <Empty title="Nothing was decided, and nothing is open">
          Choose a longer time, or another unit; a measure over nothing says nothing.
        </Empty>
      ) : (
        <>
          <Section
            title="Cycle time by lane"
            note="Median / 85th percentile. The board's desk and the submitter's sum to the total"
          >
            <Table
              label="Cycle time by lane"
              columns={[
                { id: "lane", name: "Lane" },
                { id: "decided", name: "Decided", num: true },
                { id: "board", name: "Board", num: true },
                { id: "submitter", name: "Submitter", num: true },
                { id: "total", name: "Total", num: true },
                { id: "inside", name: "Inside the promise", num: true },
                { id: "oldest", name: "Oldest open" },
              ]}
              rows={found.lanes.map((lane) => laneRow(lane, rowsAt))}
            />
            <div style={{ maxWidth: 560, marginTop: 12 }}>
              {found.lanes
                .filter((l) => l.decided > 0 && l.lane !== "emergency")
                .map((l) => (
                  <LaneBar key={l.lane} measure={l} />
                ))}
            </div>
          </Section>
          <Section title="Yield and health" note="Each opens the reviews it is counted over">
            <Table
              label="Yield and health"
              columns={[
                { id: "name", name: "Measure" },
                { id: "share", name: "Share", num: true },
                { id: "n", name: "Counted", num: true },
                { id: "means", name: "What it counts" },
              ]}
              rows={found.shares.map((s) => ({
                id: s.id,
                cells: {
                  name: (
                    <Link className="b" href={rowsAt(s.id)}>
                      {measures[s.id].name}
                    </Link>
                  ),
                  share: percent(s) ?? <span className="mut">nothing to count</span>,
                  n: `${s.n} of ${s.of}`,
                  means: <span className="ink2">{measures[s.id].means}</span>,
                },
                card: (
                  <>
                    <div className="row">
                      <Link className="b" href={rowsAt(s.id)}>
                        {measures[s.id].name}
                      </Link>
                      <span className="sp" />
                      {percent(s) ?? <span className="mut">nothing to count</span>}
                    </div>
                    <div className="lbl">
                      {s.n} of {s.of}. {measures[s.id].means}
                    </div>
                  </>
                ),
              }))}
            />
          </Section>
          <div className="two-cols">
            <Section title="Lane mix" note="Of what was handed in since then">
              <KeyValues
                wide
                items={found.mix.map((m) => ({
                  key: laneName[m.lane],
                  value: m.share === null ? "nothing handed in" : `${percent(m)} (${m.n} of ${m.of})`,
                }))}
              />
            </Section>
            <Section title="Conditions that fell due" note="Since then, up to today">
              <KeyValues
                wide
                items={[
                  { key: "Closed by the day", value: `${found.closure.inTime} of ${found.closure.due}` },
                  { key: "Closed late", value: `${found.closure.late} of ${found.closure.due}` },
                  { key: "Still open", value: `${found.closure.open} of ${found.closure.due}` },
                ]}
              />
            </Section>
            <Section title="Later looks" note="At emergencies, and at one automatic decision in ten">
              <KeyValues
                wide
                items={[
                  { key: "Done", value: `${found.looks.done} of ${found.looks.asked}` },
                  { key: "Doubted", value: `${found.looks.doubted} of ${found.looks.done}` },
                  { key: "Overdue", value: String(found.looks.overdue) },
                ]}
              />
            </Section>
            <Section title="Survey" note="Of those who asked, 1 not at all to 5 fully">
              <KeyValues
                wide
                items={[
                  ...surveyQuestions.map((q) => ({ key: q.text, value: score(found.survey[q.id]) })),
                  { key: "Answers", value: String(found.survey.answers) },
                ]}
              />
            </Section>
          </div>
          <Section title="Who carries how much">
            <Table
              label="Who carries how much"
              empty={<Empty title="Nobody reviewed anything in this time" />}
              columns={[
                { id: "name", name: "Reviewer" },
                { id: "votes", name: "Votes", num: true },
                { id: "findings", name: "Findings", num: true },
                { id: "comments", name: "Comments", num: true },
                { id: "decisions", name: "Decisions recorded", num: true },
              ]}
              rows={found.workload.map((w) => ({
                id: w.id,
                cells: w,
                card: (
                  <>
                    <b className="b">{w.name}</b>
                    <div className="lbl">
                      {w.votes} votes, {w.findings} findings, {w.comments} comments, {w.decisions} decisions recorded
                    </div>
                  </>
                ),
              }))}
            />
          </Section>
        </>
      )}
    </Page>
  );
}

function laneRow(lane: LaneMeasure, rowsAt: Parameters<typeof laneCells>[1]): Row {
  const cells = laneCells(lane, rowsAt);
  return {
    id: lane.lane,
    cells,
    card: (
      <>
        <div className="row">
          <b className="b">{laneName[lane.lane]}</b>
          <span className="sp" />
          {cells.inside}
        </div>
        <div className="lbl">
          Promised {promiseText(lane.lane)}. {lane.decided} decided. Oldest open: {cells.oldest}
        </div>
        {lane.decided > 0 ? (
          <div>
            {cells.board} board, {cells.submitter} submitter, {cells.total} in all
          </div>
        ) : null}
      </>
    ),
  };
}

function laneCells(lane: LaneMeasure, rowsAt: (id: string, more?: Readonly<Record<string, string>>) => string) {
  return {
    lane: (
      <>
        <span className="b">{laneName[lane.lane]}</span>
        <div className="lbl">{promiseText(lane.lane)}</div>
      </>
    ),
    decided: lane.decided,
    board: both(lane.board),
    submitter: both(lane.submitter),
    total: both(lane.total),
    inside:
      lane.inside.share === null ? (
        <span className="mut">nothing to count</span>
      ) : (
        <Link href={rowsAt("inside_promise", { lane: lane.lane })}>
          {percent(lane.inside)} ({lane.inside.n} of {lane.inside.of})
        </Link>
      ),
    oldest: lane.oldest ? (
      <>
        <Link href={`/reviews/${lane.oldest.ref}`}>{lane.oldest.ref}</Link>
        <span className="lbl"> {sayDays(lane.oldest.days)} days</span>
      </>
    ) : (
      <span className="mut">none open</span>
    ),
  };
}
