import type { Metadata } from "next";
import { modelHref } from "@/components/models/model-href";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Segmented } from "@/components/ui/tabs";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import {
  departureName,
  departures,
  driftName,
  drifts,
  followers,
  followersName,
  standingName,
  standings,
} from "@/lib/patterns/adoption";
import { type AdoptionRow, adoptionList, adoptionSummary } from "@/lib/patterns/adoption-queries";
import { orEmpty } from "../../not-found-if";

export const metadata: Metadata = { title: "Adoption of patterns" };

const path = "/patterns/adoption";
const keys = ["of", "pattern", "standing", "drift", "deviation", "unit", "tier"] as const;

export default async function AdoptionPage({ searchParams }: { searchParams: Promise<Params> }) {
  const query = await searchParams;
  const ctx = await pageContext();
  const filter = Object.fromEntries([...keys, "after"].flatMap((k) => (query[k] ? [[k, query[k]]] : [])));
  const [sum, listed, facets] = await Promise.all([
    adoptionSummary(ctx, {}),
    orEmpty(adoptionList, ctx, filter),
    modelFacets(ctx, {}),
  ]);
  const { items, total, next } = listed ?? { items: [], total: 0, next: null };
  const cases = filter.of === "use_case";
  /** A number opens the models behind it. */
  const open = (n: number, chosen: Readonly<Record<string, string>>) =>
    n === 0 ? <span className="mut">0</span> : <Link href={`${withParams(path, {}, chosen)}#models`}>{n}</Link>;
  const csv = withParams(`${path}/rows.csv`, filter, { after: null });
  return (
    <Page name="patterns">
      <PageHead
        title="Adoption of patterns"
        lede={
          sum.rate === null
            ? "No model could follow a pattern yet: none has an owner."
            : `${Math.round(sum.rate * 100)} % of the ${sum.could} models that could follow a pattern do. Those for which none fits are not among them; they are the architects’ backlog.`
        }
        actions={<ButtonLink href="/patterns/gaps">What the library lacks</ButtonLink>}
      />
      <KeyValues
        items={[
          { key: "Follow a pattern", value: open(sum.follows, { standing: "follows" }) },
          { key: "On the version in force", value: open(sum.current, { drift: "current" }) },
          { key: "Behind it", value: open(sum.behind, { drift: "behind" }) },
          ...(sum.unknown > 0 ? [{ key: driftName.unknown, value: open(sum.unknown, { drift: "unknown" }) }] : []),
          { key: "With an open deviation", value: open(sum.openDeviations, { deviation: "open" }) },
          { key: "With decided deviations only", value: open(sum.decidedDeviations, { deviation: "decided" }) },
          { key: "None chosen", value: open(sum.none, { standing: "none" }) },
          { key: "No pattern fits", value: open(sum.noFit, { standing: "no_fit" }) },
          {
            key: "Use cases that follow one",
            value: (
              <>
                {open(sum.useCases.follow, { of: "use_case", standing: "follows" })} of {sum.useCases.all}
              </>
            ),
          },
        ]}
      />
      <Section title="By pattern" note="Drift is how many versions lie between the pinned one and the one in force.">
        <Table
          label="Adoption by pattern"
          columns={[
            { id: "pattern", name: "Pattern" },
            { id: "follows", name: "Follow it", num: true },
            { id: "current", name: "In force", num: true },
            { id: "behind", name: "Behind", num: true },
            { id: "open", name: "Open deviations", num: true },
            { id: "decided", name: "Decided only", num: true },
            { id: "cases", name: "Use cases", num: true },
            { id: "campaign", name: "Upgrade" },
          ]}
          rows={sum.patterns.map((p) => ({
            id: p.pattern,
            cells: {
              pattern: (
                <>
                  {p.version === null ? p.title : <Link href={`/patterns/${p.pattern}`}>{p.title}</Link>}{" "}
                  <span className="lbl">{p.version === null ? "not in this portal" : `version ${p.version}`}</span>
                </>
              ),
              follows: open(p.follows, { pattern: p.pattern }),
              current: open(p.current, { pattern: p.pattern, drift: "current" }),
              behind: open(p.behind, { pattern: p.pattern, drift: "behind" }),
              open: open(p.openDeviations, { pattern: p.pattern, deviation: "open" }),
              decided: open(p.decidedDeviations, { pattern: p.pattern, deviation: "decided" }),
              cases: open(p.useCases, { of: "use_case", pattern: p.pattern }),
              campaign: p.campaign ? (
                <>
                  <Link href={`/campaigns/${p.campaign.ref}`}>{p.campaign.ref}</Link>{" "}
                  <span className="lbl">
                    by <When at={p.campaign.due} show="day" />
                  </span>
                </>
              ) : p.behind > 0 ? (
                <Link href={`/campaigns?pattern=${p.pattern}#upgrade`}>Open one</Link>
              ) : null,
            },
          }))}
        />
      </Section>
      <Section title={cases ? "Use cases" : "Models"} id="models">
        <Segmented
          label="Whose adoption is listed"
          items={followers.map((of) => ({
            href: `${withParams(path, query, { of: of === "model" ? null : of, after: null, tier: null })}#models`,
            name: followersName[of],
            on: (of === "use_case") === cases,
          }))}
        />
        <div className="fb">
          <Filters
            filters={[
              {
                key: "pattern",
                name: "Pattern",
                options: sum.patterns.map((p) => ({ value: p.pattern, label: p.title })),
              },
              {
                key: "standing",
                name: "Standing",
                options: standings.map((value) => ({ value, label: standingName[value] })),
              },
              { key: "drift", name: "Version", options: drifts.map((value) => ({ value, label: driftName[value] })) },
              {
                key: "deviation",
                name: "Deviation",
                options: departures.map((value) => ({ value, label: departureName[value] })),
              },
              {
                key: "unit",
                name: "Business unit",
                options: facets.units.map((u) => ({ value: u.slug, label: u.name })),
              },
              ...(cases
                ? []
                : [
                    {
                      key: "tier",
                      name: "Tier",
                      options: ["1", "2", "3", "4"].map((value) => ({ value, label: `Tier ${value}` })),
                    },
                  ]),
            ]}
          />
          <span className="sp" />
          <a className="btn" href={csv} download>
            CSV
          </a>
        </div>
        <Table
          label={`${cases ? "Use cases" : "Models"} and the patterns they follow`}
          columns={[
            { id: "name", name: cases ? "Use case" : "Model" },
            { id: "owner", name: "Owner" },
            { id: "pattern", name: "Pattern" },
            { id: "version", name: "Version" },
            { id: "deviation", name: "Deviations" },
            { id: "since", name: "Pinned" },
          ]}
          empty={
            <Empty
              title={cases ? "No use case matches" : "No model matches"}
              action={<ButtonLink href={path}>Show all</ButtonLink>}
            >
              Take a filter away.{" "}
              {cases
                ? "A use case counts until it is retired."
                : "A model counts once it is claimed and until it is retired."}
            </Empty>
          }
          rows={items.map((row) => ({
            id: row.key,
            cells: {
              name: (
                <>
                  <Link
                    className="b"
                    href={`${cases ? `/portfolio/use-cases/${row.key}` : modelHref(row.key)}/pattern`}
                  >
                    {row.name}
                  </Link>{" "}
                  {cases ? null : <TierChip tier={row.tier} />}
                </>
              ),
              owner: row.owner ?? <span className="mut">nobody</span>,
              pattern: row.pattern ? (
                <Link href={`/patterns/${row.pattern}?version=${row.version}`}>{row.pattern}</Link>
              ) : row.standing === "no_fit" ? (
                <span title={row.missing ?? undefined}>No pattern fits</span>
              ) : (
                <span className="mut">none chosen</span>
              ),
              version: <Version row={row} />,
              deviation: <Deviations row={row} />,
              since: row.adoptedAt ? <When at={row.adoptedAt} /> : null,
            },
          }))}
        />
        {items.length > 0 ? (
          <Pager
            shown={items.length}
            first={items[0]?.name}
            last={items.at(-1)?.name}
            total={total}
            noun={cases ? "use case" : "model"}
            next={next ? withParams(path, query, { after: next }) : null}
            start={query.after ? withParams(path, query, { after: null }) : null}
          />
        ) : null}
      </Section>
    </Page>
  );
}

function Version({ row }: { row: AdoptionRow }) {
  if (row.drift === null) return null;
  if (row.drift === "current") return <>{row.version}</>;
  return (
    <>
      {row.version}{" "}
      {row.drift === "behind" ? (
        <Status state="stale" word={`${row.behind} behind`} />
      ) : (
        <Status state="unknown" word="Text not known here" />
      )}
    </>
  );
}

function Deviations({ row }: { row: AdoptionRow }) {
  if (row.deviation === null) return null;
  if (row.deviation === "none") return <span className="mut">none</span>;
  return (
    <>
      {row.open > 0 ? <Status state="open" word={`${row.open} open`} /> : null}{" "}
      {row.decided > 0 ? <Status state="accepted" word={`${row.decided} decided`} /> : null}
    </>
  );
}
