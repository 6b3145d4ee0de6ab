import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { pageContext } from "@/lib/auth/context";
import { decisionRights, rightsEverywhere } from "@/lib/board/decision-rights";
import { readBoard } from "@/lib/board/queries";
import { needsInWords, needsOf, risks } from "@/lib/readiness/risk-acceptance";
import { activePeople } from "@/lib/reviews/queries";
import { seatName } from "@/lib/reviews/review";
import { Delegates } from "./delegates";
import { Knowledge } from "./knowledge";

export const metadata: Metadata = { title: "Board" };

export default async function BoardPage() {
  const ctx = await pageContext();
  const board = await readBoard(ctx, {});
  const people = await activePeople(ctx.db);
  return (
    <Page name="board">
      <PageHead
        title="Board"
        lede="Who sits on the review board, who stands in for whom, and who may decide what."
        actions={<ButtonLink href="/meetings">Meetings</ButtonLink>}
      />
      <Section title="Seats">
        <Table
          label="Seats of the board"
          columns={[
            { id: "seat", name: "Seat", width: 160 },
            { id: "who", name: "Held by" },
            { id: "now", name: "Sits today" },
            { id: "came", name: "Meetings in a year", width: 190 },
          ]}
          rows={board.seats.map(({ seat, holders }) => {
            const names = holders.map((h) => h.name).join(", ");
            const who = names || <span className="mut">nobody</span>;
            const now = holders.map((h) => (h.delegate ? `${h.delegate} for ${h.name}` : h.name)).join(", ");
            const came =
              board.held === 0
                ? "None held yet"
                : holders
                    .map((h) => (holders.length > 1 ? `${h.name} ${h.attended}` : `${h.attended} of ${board.held}`))
                    .join(", ");
            return {
              id: seat,
              cells: { came, seat: <b className="b">{seatName[seat]}</b>, who, now: now || who },
              card: (
                <>
                  <b className="b">{seatName[seat]}</b>
                  <div>{who}</div>
                  {came ? <div className="lbl">Meetings in a year: {came}</div> : null}
                  {now !== names ? <div className="lbl">Today {now}</div> : null}
                </>
              ),
            };
          })}
        />
      </Section>
      <Knowledge board={board} actor={ctx.actor} />
      <Delegates board={board} actor={ctx.actor} people={people} />
      <Section title="Decision rights" note="from the rules that the portal counts with" id="rights">
        <Table
          label="Who decides in which lane"
          columns={[
            { id: "lane", name: "Lane", width: 140 },
            { id: "promise", name: "Promise", width: 150 },
            { id: "who", name: "Who decides", width: 230 },
            { id: "needs", name: "What it takes" },
          ]}
          rows={decisionRights.map(({ lane, name, promise, who, needs }) => ({
            id: lane,
            cells: { lane: <b className="b">{name}</b>, promise, who, needs },
            card: (
              <>
                <div className="row">
                  <b className="b">{name}</b>
                  <span className="sp" />
                  <span className="lbl">{promise}</span>
                </div>
                <div>{who}</div>
                <div className="lbl">{needs}</div>
              </>
            ),
          }))}
        />
        <ul className="pts">
          {rightsEverywhere.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Section>
      <Section title="Whose acceptance a risk takes" note="by what remains after compensation" id="risk">
        <Table
          label="Whose acceptance a risk takes"
          columns={[
            { id: "risk", name: "Residual risk", width: 120 },
            ...tiers.map((tier) => ({ id: `t${tier}`, name: `Tier ${tier}` })),
          ]}
          rows={risks.map((risk) => {
            const says = tiers.map((tier) => ({ tier, text: accepts(risk, tier) }));
            const word = risk.charAt(0).toUpperCase() + risk.slice(1);
            return {
              id: risk,
              cells: {
                risk: <b className="b">{word}</b>,
                ...Object.fromEntries(says.map(({ tier, text }) => [`t${tier}`, text])),
              },
              card: (
                <>
                  <b className="b">{word}</b>
                  {says.map(({ tier, text }) => (
                    <div className="lbl" key={tier}>
                      Tier {tier}: {text}
                    </div>
                  ))}
                </>
              ),
            };
          })}
        />
        <p className="lbl" style={{ marginTop: 12 }}>
          Who accepts is never who asked, built or reviewed it.
        </p>
      </Section>
    </Page>
  );
}

const tiers = [4, 3, 2, 1] as const;

function accepts(risk: (typeof risks)[number], tier: (typeof tiers)[number]): string {
  const needs = needsOf(risk, tier, 0);
  if (!needs) return "Nobody: stop or reduce";
  const text = needsInWords(needs);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
