import type { Metadata } from "next";
import { ItemFields } from "@/components/backlog/item-fields";
import { ItemState } from "@/components/backlog/state";
import { HistoryPanel } from "@/components/log/history";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { SelectField, TextArea } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { kindName, leadsTo, mayWork, sourceName, stateName } from "@/lib/backlog/backlog";
import { type BacklogRow, getItem } from "@/lib/backlog/queries";
import { entriesFor } from "@/lib/log/queries";
import { activePeople } from "@/lib/reviews/queries";
import { orNotFound } from "../../../not-found-if";
import { editAction, moveAction } from "../actions";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }): Promise<Metadata> {
  return { title: (await params).ref };
}

export default async function ItemPage({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  const ctx = await pageContext();
  const item = await orNotFound(getItem, ctx, { ref });
  const [people, entries] = await Promise.all([
    activePeople(ctx.db),
    entriesFor(ctx.db, { subject: { kind: "backlog_item", id: item.id }, limit: 12 }),
  ]);
  const verdict = mayWork(ctx.actor, item);
  return (
    <Page name="patterns" aside={<HistoryPanel entries={entries} all={`/log?subject=${item.ref}`} />}>
      <PageHead
        title={item.title}
        state={<ItemState state={item.state} tag />}
        lede={
          <>
            <span className="mono">{item.ref}</span>, opened by {item.opener} <When at={item.openedAt} />.{" "}
            {item.owner ? `${item.owner} owns it.` : "Nobody owns it yet."}
          </>
        }
        actions={<ButtonLink href={`/guidance/backlog?kind=${item.kind}`}>{kindName[item.kind]}</ButtonLink>}
      />
      {item.closedReason ? (
        <Section title={stateName[item.state]} note={<When at={item.closedAt} />}>
          <p className="on-record">{item.closedReason}</p>
        </Section>
      ) : null}
      <Section title={item.kind === "debt" ? "What it costs" : "What is wanted"}>
        <p style={{ maxWidth: "72ch" }}>{item.why}</p>
      </Section>
      <Section title="What the business gets">
        <p style={{ maxWidth: "72ch" }}>{item.justification}</p>
      </Section>
      <Section title="Weight">
        <KeyValues
          items={[
            { key: "Effort", value: `${item.points} points` },
            {
              key: item.kind === "debt" ? "Interest" : "Value",
              value: item.kind === "debt" ? `${item.gain} points a quarter` : `${item.gain} of 10`,
            },
            { key: "Worth", value: `${Number(item.worth).toFixed(2)}, ${worthIn(item)}` },
          ]}
        />
      </Section>
      <Section title="Concerns">
        {item.models.length === 0 && item.others === 0 ? <p className="mut">No model is named.</p> : null}
        <p>
          {item.models.map((name, i) => (
            <span key={name}>
              {i > 0 ? ", " : ""}
              <Link href={`/models/${encodeURIComponent(name)}`}>{name}</Link>
            </span>
          ))}
          {item.others > 0 ? ` and ${item.others} that you do not see` : ""}
        </p>
        {item.sources.map((s) => (
          <p className="lbl" key={`${s.kind} ${s.ref}`}>
            From: {sourceName[s.kind].toLowerCase()} <Source source={s} />
          </p>
        ))}
      </Section>
      {verdict.ok ? (
        <Section title="Work on it">
          <div style={{ maxWidth: 560 }}>
            <details>
              <summary>Move it</summary>
              <ActionForm action={moveAction} submit="Move" tone="outlined" hidden={{ ref: item.ref }} label="Move it">
                <SelectField
                  name="state"
                  label="To"
                  options={leadsTo[item.state].map((s) => ({ value: s, label: stateName[s] }))}
                />
                <TextArea name="reason" label="Why" rows={2} maxLength={2000} />
              </ActionForm>
            </details>
            <details>
              <summary>Weigh or describe it anew</summary>
              <ActionForm
                key={item.revision}
                action={editAction}
                submit="Change"
                tone="outlined"
                keep
                guard
                hidden={{ ref: item.ref, "revision:number": String(item.revision), "models[]": "" }}
                label="Change it"
              >
                <ItemFields kind={item.kind} people={people} item={item} />
              </ActionForm>
            </details>
          </div>
        </Section>
      ) : (
        <WhyButton label="Work on it" reason={verdict.reason} />
      )}
    </Page>
  );
}

function worthIn(item: BacklogRow): string {
  if (item.kind === "debt")
    return item.gain === 0
      ? "it saves nothing by itself"
      : `paid back after ${(item.points / item.gain).toFixed(1)} quarters`;
  const n = Math.max(1, item.models.length + item.others);
  return `${item.gain} times ${n} ${n === 1 ? "model" : "models"} over ${item.points} points`;
}

function Source({ source: { kind, ref } }: { source: BacklogRow["sources"][number] }) {
  if (kind === "gap") return <Link href="/patterns/gaps">in the library</Link>;
  if (kind === "deviation") return <Link href="/patterns/adoption">from its pattern</Link>;
  if (kind === "exception")
    return <Link href={`/reviews/registers?register=exceptions&state=any&q=${ref}`}>{ref}</Link>;
  if (kind === "finding") return <Link href={`/reviews/findings?status=any&q=${ref}`}>{ref}</Link>;
  return <Link href={`/reviews/incidents/${ref}`}>{ref}</Link>;
}
