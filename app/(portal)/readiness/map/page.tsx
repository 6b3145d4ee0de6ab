import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { type Counts, Meter, MeterLegend } from "@/components/ui/meter";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { withParams } from "@/components/ui/urls";
import { pageContext } from "@/lib/auth/context";
import { readinessMap } from "@/lib/readiness/organisation";
import { orNotFound } from "../../not-found-if";
import { ReadinessViews, TierChoice } from "../views";

export const metadata: Metadata = { title: "Readiness by item and business unit" };

const none: Counts = { pass: 0, fail: 0, unknown: 0, waived: 0 };
const add = (a: Counts, b: Counts): Counts => ({
  pass: a.pass + b.pass,
  fail: a.fail + b.fail,
  unknown: a.unknown + b.unknown,
  waived: a.waived + b.waived,
});
const total = (c: Counts) => c.pass + c.fail + c.unknown + c.waived;

export default async function ReadinessMap({ searchParams }: { searchParams: Promise<{ tier?: string }> }) {
  const { tier } = await searchParams;
  const ctx = await pageContext();
  const map = await orNotFound(readinessMap, ctx, tier ? { tier } : {});
  const units = [...map.units, ...(map.cells.some((c) => c.unit === null) ? [{ id: null, name: "No unit" }] : [])];
  const of = (item: string, unit: string | null | undefined): Counts =>
    map.cells.filter((c) => c.item === item && (unit === undefined || c.unit === unit)).reduce(add, none);
  const href = (item: string, unit: string | null | undefined) =>
    withParams(`/readiness/items/${item}`, tier ? { tier } : {}, unit === undefined ? {} : { unit: unit ?? "none" });
  // The same everywhere, so that a unit's column runs down the whole page.
  const share = `${74 / (units.length + 1)}%`;
  const areas = [...new Set(map.items.map((i) => i.area))];
  const asked = map.items.filter((i) => total(of(i.id, undefined)) > 0);
  return (
    <Page name="readiness">
      <PageHead
        title="Readiness"
        lede="Each item of the checklist in each business unit, as the models were last assessed. A cell opens the models behind it."
        actions={
          <>
            <TierChoice tier={tier} href={(t) => (t ? `/readiness/map?tier=${t}` : "/readiness/map")} />
            <ButtonLink href={withParams("/readiness/map/cells.csv", tier ? { tier } : {}, {})}>CSV</ButtonLink>
          </>
        }
      />
      <ReadinessViews on="/readiness/map" tier={tier} />
      {asked.length === 0 ? (
        <Empty title="No model was assessed yet.">An assessment is taken when facts arrive, and once an hour.</Empty>
      ) : (
        areas
          .map((area) => ({ area, items: asked.filter((i) => i.area === area) }))
          .filter(({ items }) => items.length > 0)
          .map(({ area, items }, n) => (
            <Section key={area} title={area} note={n === 0 ? <MeterLegend /> : undefined}>
              <Table
                label={`${area} by business unit`}
                columns={[
                  { id: "item", name: "Item", width: "26%" },
                  { id: "all", name: "All units", width: share },
                  ...units.map((u) => ({ id: u.id ?? "none", name: u.name, width: share })),
                ]}
                rows={items.map((item) => {
                  const review = map.reviews.find((r) => r.item === item.id);
                  const head = (
                    <>
                      <Link href={href(item.id, undefined)}>
                        <span className="mono">{item.id}</span> {item.title}
                      </Link>
                      {review ? (
                        <div>
                          <Status state="in_review" word={`Under review: ${review.waivers} waive it`} />
                        </div>
                      ) : null}
                    </>
                  );
                  return {
                    id: item.id,
                    cells: Object.fromEntries([
                      ["item", head],
                      ["all", <Cell key="all" counts={of(item.id, undefined)} />],
                      ...units.map((u) => [
                        u.id ?? "none",
                        <Cell
                          key={u.id ?? "none"}
                          counts={of(item.id, u.id)}
                          href={href(item.id, u.id)}
                          label={`${item.id} in ${u.name}`}
                        />,
                      ]),
                    ]),
                    card: (
                      <>
                        {head}
                        <div className="cardline">
                          <Cell counts={of(item.id, undefined)} />
                        </div>
                      </>
                    ),
                  };
                })}
              />
            </Section>
          ))
      )}
    </Page>
  );
}

function Cell({ counts, href, label }: { counts: Counts; href?: string; label?: string }) {
  const all = total(counts);
  if (all === 0) return <span className="mut">not asked</span>;
  const said = (
    <span className="hm">
      <Meter counts={counts} />
      <span>
        {counts.pass + counts.waived}/{all}
      </span>
    </span>
  );
  return href ? (
    <Link href={href} aria-label={`${label}: ${counts.pass + counts.waived} of ${all} met, ${counts.unknown} unknown`}>
      {said}
    </Link>
  ) : (
    said
  );
}
