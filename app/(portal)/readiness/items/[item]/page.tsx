import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { CheckList, DateField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { lookOf } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Segmented } from "@/components/ui/tabs";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayRun } from "@/lib/campaigns/campaign";
import { causeName, checkStates } from "@/lib/checks/check";
import { conclusionName, conclusions, mayConclude } from "@/lib/readiness/control-review";
import { itemModels, readinessMap } from "@/lib/readiness/organisation";
import { simulateItem } from "@/lib/readiness/simulate";
import { openRaiseAction } from "../../../campaigns/actions";
import { orNotFound } from "../../../not-found-if";
import { concludeItemReview } from "../../actions";

export const metadata: Metadata = { title: "Readiness item" };

const keys = ["tier", "unit", "state", "after"] as const;

export default async function ItemPage({
  params,
  searchParams,
}: {
  params: Promise<{ item: string }>;
  searchParams: Promise<Params>;
}) {
  const [{ item: id }, query] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const filter = Object.fromEntries(keys.flatMap((k) => (query[k] ? [[k, query[k]]] : [])));
  const { item, items, total, next } = await orNotFound(itemModels, ctx, { item: id, ...filter });
  const { units, reviews } = await readinessMap(ctx, {});
  const review = reviews.find((r) => r.item === item.id);
  const path = `/readiness/items/${item.id}`;
  const concluding = mayConclude(ctx.actor);
  const raising = mayRun(ctx.actor);
  const furtherTiers = ([1, 2, 3, 4] as const).filter((t) => !item.tiers.includes(t));
  const tiers = typeof query.raise === "string" && query.raise !== "" ? query.raise : null;
  const simulated = await orNotFound(simulateItem, ctx, { item: item.id, ...(tiers ? { tiers } : {}), limit: 20 });
  return (
    <Page name="readiness">
      <PageHead
        title={
          <>
            <span className="mono">{item.id}</span> {item.title}
          </>
        }
        lede={item.why}
        actions={
          <>
            <ButtonLink href="/readiness/map">Items by unit</ButtonLink>
            <ButtonLink href={withParams(`${path}/rows.csv`, filter, { after: null })}>CSV</ButtonLink>
          </>
        }
      />
      {review ? (
        <Section title="Under review" note={<When at={review.openedAt} />}>
          <p className="ink2">
            {review.waivers} of {review.models} models waive it. An item that many waive is itself looked at: is it
            right, and is it asked of the right systems?
          </p>
          {concluding.ok ? (
            <details>
              <summary className="lbl">Conclude the review</summary>
              <ActionForm action={concludeItemReview} submit="Conclude" tone="outlined" hidden={{ item: item.id }}>
                <SelectField
                  name="conclusion"
                  label="Conclusion"
                  options={conclusions.map((value) => ({ value, label: conclusionName[value] }))}
                />
                <TextArea name="reason" label="Reason" voice="record" rows={3} minLength={20} />
              </ActionForm>
            </details>
          ) : (
            <WhyButton label="Conclude the review" reason={concluding.reason} />
          )}
        </Section>
      ) : null}
      <Simulation simulated={simulated} chosen={tiers} path={path} />
      {simulated.missing > 0 ? (
        <Section title="Raise it">
          {raising.ok ? (
            <details>
              <summary className="lbl">Make it required from a day on</summary>
              <div style={{ maxWidth: 560 }}>
                <ActionForm action={openRaiseAction} submit="Open the campaign" guard hidden={{ item: item.id }}>
                  <TextField name="title" label="Title" maxLength={120} hint="For example: On-call in tier 3 too" />
                  <CheckList
                    name="tiers[]:number"
                    label="Tiers"
                    options={furtherTiers.map((t) => ({ value: String(t), label: `Tier ${t}` }))}
                  />
                  <DateField name="dueOn" label="Required from" hint="Owners are asked until then, and reminded." />
                </ActionForm>
              </div>
            </details>
          ) : (
            <WhyButton label="Make it required" reason={raising.reason} />
          )}
        </Section>
      ) : null}
      <Section title="Models it is asked of">
        <Filters
          filters={[
            { key: "state", name: "State", options: checkStates.map((s) => ({ value: s, label: lookOf(s).word })) },
            { key: "tier", name: "Tier", options: ["1", "2", "3", "4"].map((t) => ({ value: t, label: `Tier ${t}` })) },
            { key: "unit", name: "Business unit", options: units.map((u) => ({ value: u.id, label: u.name })) },
          ]}
        />
        <Table
          label={`Models and ${item.id}`}
          empty={<Empty title="No model matches.">Take a filter away, or wait for the next assessment.</Empty>}
          columns={[
            { id: "model", name: "Model" },
            { id: "state", name: "State" },
            { id: "since", name: "Since" },
            { id: "tier", name: "Tier" },
            { id: "unit", name: "Business unit" },
            { id: "owner", name: "Owner" },
          ]}
          rows={items.map((r) => {
            const link = `/models/${encodeURIComponent(r.model)}/readiness?show=all&item=${item.id}#${item.id}`;
            const state = (
              <>
                <Status state={r.state} />
                {r.cause ? <span className="lbl"> {causeName[r.cause]}</span> : null}
                {r.byHand ? <span className="lbl"> by hand</span> : null}
              </>
            );
            return {
              id: r.model,
              cells: {
                model: <Link href={link}>{r.model}</Link>,
                state,
                since: <When at={r.since} />,
                tier: <TierChip tier={r.tier} />,
                unit: r.unit ?? <span className="mut">none</span>,
                owner: r.owner ?? <span className="mut">nobody</span>,
              },
              card: (
                <>
                  <Link href={link}>{r.model}</Link> <TierChip tier={r.tier} />
                  <div className="cardline">{state}</div>
                  <div className="lbl">
                    {r.unit ?? "No business unit"}, {r.owner ?? "no owner"}
                  </div>
                </>
              ),
            };
          })}
        />
        <Pager
          shown={items.length}
          total={total}
          noun="model"
          next={next ? withParams(path, filter, { after: next }) : null}
          start={query.after ? withParams(path, filter, { after: null }) : null}
        />
      </Section>
    </Page>
  );
}

/** What would happen if it were required of every model today, or of one tier. */
function Simulation({
  simulated,
  chosen,
  path,
}: {
  simulated: Awaited<ReturnType<typeof simulateItem>>;
  chosen: string | null;
  path: string;
}) {
  const { asked, missing, units, items, next } = simulated;
  if (asked === 0 && chosen === null) return null;
  return (
    <Section title="If it were enforced today" id="simulation">
      <Segmented
        label="Tiers"
        items={[
          { href: `${path}#simulation`, name: "Every tier", on: chosen === null },
          ...["1", "2", "3", "4"].map((t) => ({
            href: `${path}?raise=${t}#simulation`,
            name: `Tier ${t}`,
            on: chosen === t,
          })),
        ]}
      />
      <p className="ink2">
        {asked === 0
          ? "No further model would be asked."
          : `${asked} further ${asked === 1 ? "model" : "models"} would be asked; ${missing} would not meet it: ${
              units
                .filter((u) => u.missing > 0)
                .map((u) => `${u.missing} of ${u.asked} in ${u.unit ?? "no unit"}`)
                .join(", ") || "none"
            }.`}
      </p>
      {items.length > 0 ? (
        <p className="lbl">
          {items.map((m, i) => (
            <span key={m.model}>
              {i > 0 ? ", " : null}
              <Link href={`/models/${encodeURIComponent(m.model)}/readiness?show=all`}>{m.model}</Link>
            </span>
          ))}
          {next ? " and others" : null}
        </p>
      ) : null}
    </Section>
  );
}
