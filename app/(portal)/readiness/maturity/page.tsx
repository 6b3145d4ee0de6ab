import type { Metadata } from "next";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { maturityOfTeams, type TeamMaturity } from "@/lib/maturity/queries";
import { orNotFound } from "../../not-found-if";
import { ReadinessViews } from "../views";

export const metadata: Metadata = { title: "Maturity of teams" };

export default async function MaturityPage() {
  const ctx = await pageContext();
  const { items, dimensions } = await orNotFound(maturityOfTeams, ctx, {});
  return (
    <Page name="readiness">
      <PageHead
        title="Readiness"
        lede="What each team can do, 0 to 4 by dimension, answered twice a year. The lowest dimension is the team's level; what is only claimed carries no further than 2."
      />
      <ReadinessViews on="/readiness/maturity" tier={undefined} />
      <Table
        label="Maturity of teams"
        empty={<Empty title="There is no team yet.">Administrators and architects name teams.</Empty>}
        columns={[
          { id: "team", name: "Team" },
          { id: "overall", name: "Level", num: true },
          ...dimensions.map((d) => ({ id: d.id, name: narrow(d.title), num: true })),
          { id: "at", name: "Answered" },
        ]}
        rows={items.map((t) => {
          const link = `/readiness/maturity/${encodeURIComponent(t.team)}`;
          return {
            id: t.team,
            cells: {
              team: (
                <div style={{ minWidth: 150 }}>
                  <Link className="b" href={link}>
                    {t.team}
                  </Link>
                  <div className="lbl">
                    {t.unit}, {t.models} models
                  </div>
                </div>
              ),
              overall: <Overall team={t} />,
              ...Object.fromEntries(
                dimensions.map((d) => [d.id, t.levels?.[d.id] ?? <span className="mut">not answered</span>]),
              ),
              at: t.answeredAt ? <When at={t.answeredAt} /> : <span className="mut">never</span>,
            },
            card: (
              <>
                <Link className="b" href={link}>
                  {t.team}
                </Link>
                <div className="cardline">
                  <Overall team={t} />
                </div>
                <div className="lbl">
                  {t.unit}, {t.models} models
                </div>
              </>
            ),
          };
        })}
      />
    </Page>
  );
}

/** Ten columns stand side by side only if their names may break. */
const narrow = (title: string) => (
  <span style={{ display: "inline-block", maxWidth: 88, whiteSpace: "normal" }}>{title}</span>
);

function Overall({ team: { overall, before } }: { team: TeamMaturity }) {
  if (overall === null) return <span className="mut">not answered</span>;
  return (
    <>
      <b>{overall}</b> of 4
      {before === null || before === overall ? null : <span className="lbl"> ({before} before)</span>}
    </>
  );
}
