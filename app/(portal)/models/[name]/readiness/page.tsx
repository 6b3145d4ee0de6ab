import { CircleDot } from "lucide-react";
import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Meter } from "@/components/ui/meter";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Rail } from "@/components/ui/rail";
import { Sparkline } from "@/components/ui/sparkline";
import { Status } from "@/components/ui/status";
import { Tabs } from "@/components/ui/tabs";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { sayDay } from "@/lib/core/say-day";
import { levelName } from "@/lib/readiness/level";
import { readinessTrend } from "@/lib/readiness/organisation";
import { modelReadiness, readinessHistory } from "@/lib/readiness/queries";
import { itemTypeName } from "@/lib/readiness/readiness";
import { orNotFound } from "../../../not-found-if";
import { checkNow } from "./actions";
import { ItemDetail } from "./item-detail";

export const metadata: Metadata = { title: "Readiness" };

export type ReadinessView = Awaited<ReturnType<typeof modelReadiness>>;
export type ReadinessItem = ReadinessView["items"][number];

/** What a reviewer looks at: what a person said, waived, or declared not to apply. */
const restsOnWord = (i: ReadinessItem): boolean =>
  i.attestationId !== null || i.state === "waived" || i.state === "not_applicable";

const views = {
  todo: { name: "To do", has: (i: ReadinessItem) => i.required && (i.state === "fail" || i.state === "unknown") },
  fail: { name: "Failing", has: (i: ReadinessItem) => i.required && i.state === "fail" },
  unknown: { name: "Unknown", has: (i: ReadinessItem) => i.required && i.state === "unknown" },
  waived: { name: "Waived", has: (i: ReadinessItem) => i.required && i.state === "waived" },
  review: { name: "For review", has: (i: ReadinessItem) => i.required && restsOnWord(i) },
  coming: { name: "Coming", has: (i: ReadinessItem) => i.countsFrom !== null },
  pass: { name: "Passing", has: (i: ReadinessItem) => i.required && i.state === "pass" },
  na: { name: "Not applicable", has: (i: ReadinessItem) => !i.required || i.state === "not_applicable" },
  all: { name: "All", has: () => true },
} as const;
type View = keyof typeof views;
const isView = (value: string): value is View => Object.hasOwn(views, value);

const efforts = ["minutes", "hours", "days", "weeks"] as const;
const effortName: Record<(typeof efforts)[number], string> = {
  minutes: "Minutes",
  hours: "Hours",
  days: "Days",
  weeks: "Weeks",
};

function said(item: ReadinessItem): string {
  if (item.required) return item.byHand ? `By hand: ${item.found}` : item.found;
  return item.countsFrom
    ? `Counts from ${sayDay(item.countsFrom)}. Today: ${item.found}`
    : "Not asked for at this tier and serving type.";
}

function scoreInWords({ score, areas, byHand }: ReadinessView["score"]): string {
  if (score === null) return "";
  const lowest = areas.find((a) => a.points / a.of === score);
  const hand =
    byHand === 0 ? "" : ` ${byHand} ${byHand === 1 ? "item is" : "items are"} said by hand, which counts half.`;
  return `The lowest area, ${lowest?.area.toLowerCase()}, has ${lowest?.points} of ${lowest?.of} points.${hand}`;
}

export default async function ReadinessPage({
  params,
  searchParams,
}: {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ show?: string; item?: string }>;
}) {
  const [{ name: encoded }, { show: asked = "todo", item: open }] = await Promise.all([params, searchParams]);
  const name = decodeURIComponent(encoded);
  const ctx = await pageContext();
  const data = await orNotFound(modelReadiness, ctx, { name });
  const history = await readinessHistory(ctx, { name, limit: 12 });
  const trend = await readinessTrend(ctx, { model: data.model.name });
  const show: View = isView(asked) ? asked : "todo";
  const { model, counts, checklist } = data;
  const base = `/models/${encodeURIComponent(model.name)}`;
  const shown = data.items.filter((i) => views[show].has(i) || i.id === open);
  // The owner's list is in order of effort; every other reading keeps the order of the checklist.
  const groups =
    show === "todo"
      ? efforts.map((effort) => ({
          title: effortName[effort],
          items: shown.filter((i) => i.effort === effort).sort((a, b) => a.first.length - b.first.length),
        }))
      : [...new Set(shown.map((i) => i.area))].map((area) => ({
          title: area,
          items: shown.filter((i) => i.area === area),
        }));
  const href = (view: View, item?: string) =>
    `${base}/readiness?${new URLSearchParams({ ...(view === "todo" ? {} : { show: view }), ...(item ? { item } : {}) })}`;
  const done = counts.fail + counts.unknown === 0;

  return (
    <Page
      name="readiness"
      aside={
        <>
          <div className="h">
            <h2>What changed it</h2>
          </div>
          {history.items.length === 0 ? (
            <p className="lbl">Nothing yet. The first attestation, answer or check will stand here.</p>
          ) : (
            <Rail
              label="What changed this model's readiness"
              items={history.items.map((entry) => ({
                id: entry.id,
                mark: <CircleDot className="i" aria-hidden="true" />,
                text: `${entry.actorName} ${entry.summary}`,
                detail: <When at={entry.at} show="datetime" />,
              }))}
            />
          )}
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Twelve weeks</h2>
          </div>
          <p className="lbl">
            <Sparkline values={trend.items.map((w) => (w.total > 0 ? w.met / w.total : null))} />
            <br />
            Share of what is required that passes or is waived. A gap: not assessed yet.
          </p>
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Checklist</h2>
          </div>
          <p className="lbl">
            {checklist.title}, version {checklist.version}
            <br />
            <Digest value={checklist.digest} />
          </p>
          <div className="h" style={{ marginTop: 16 }}>
            <h2>This result</h2>
          </div>
          <p className="lbl">
            An approval refers to these bytes.
            <br />
            <Digest value={data.digest} />
          </p>
        </>
      }
    >
      <PageHead
        title={
          <>
            Readiness of <Link href={base}>{model.name}</Link>
          </>
        }
        state={<TierChip tier={model.tier} />}
        lede={
          model.tier === null
            ? "No tier yet, so everything that tier 1 asks for is asked."
            : `Tier ${model.tier}${data.type ? `, ${itemTypeName[data.type]}` : ", serving type not set: every item applies"}.`
        }
        actions={
          <ActionForm action={checkNow} submit="Check again now" tone="outlined" hidden={{ name: model.name }} />
        }
      />
      {model.tier === null ? (
        <Notice tone="care">
          <Link href={`${base}/risk`}>Answer the risk questions</Link> to get a tier: it decides how many items are
          required.
        </Notice>
      ) : null}
      <div className="sum">
        <Meter counts={counts} />
        <b>
          {counts.pass} of {counts.total} pass
        </b>
        {counts.fail > 0 ? <Status state="fail" word={`${counts.fail} fail`} /> : null}
        {counts.unknown > 0 ? <Status state="unknown" word={`${counts.unknown} unknown`} /> : null}
        {counts.waived > 0 ? <Status state="waived" word={`${counts.waived} waived`} /> : null}
        {done ? <Status state="pass" word="Nothing left to do" /> : null}
      </div>
      <p className="lbl" style={{ marginTop: 8 }}>
        {levelName[data.score.level]}. {scoreInWords(data.score)}
      </p>
      <Tabs
        label="Items by state"
        items={(Object.keys(views) as View[]).map((view) => ({
          href: href(view),
          name: views[view].name,
          on: view === show,
          count: data.items.filter(views[view].has).length,
        }))}
      />
      {shown.length === 0 ? (
        <Empty title={show === "todo" ? "Every required item passes or is waived." : "No item is in this state."}>
          {show === "todo" ? "Waivers and attestations run out; this page and the queue say so in time." : null}
        </Empty>
      ) : null}
      {groups
        .filter((group) => group.items.length > 0)
        .map((group) => (
          <Section key={group.title} title={group.title}>
            <ul>
              {group.items.map((item) => (
                <li key={item.id} className={item.id === open ? "it on" : "it"} id={item.id}>
                  <Link
                    href={href(show, item.id === open ? undefined : item.id)}
                    scroll={false}
                    aria-expanded={item.id === open}
                  >
                    <span className="sx">
                      <Status
                        state={item.required ? item.state : "not_applicable"}
                        word={item.required ? undefined : "Not required"}
                      />
                    </span>
                    <span className="id">{item.id}</span>
                    <span className="nm">{item.title}</span>
                    <span className="fd">
                      {item.first.length > 0 ? <b>First {item.first.join(", ")}. </b> : null}
                      {said(item)}
                    </span>
                    <span className="ag">
                      {item.collectedAt ? <When at={item.collectedAt} show="relative" /> : item.required ? "never" : ""}
                    </span>
                  </Link>
                  {item.id === open ? <ItemDetail actor={ctx.actor} data={data} item={item} /> : null}
                </li>
              ))}
            </ul>
          </Section>
        ))}
    </Page>
  );
}
