import { modelHref } from "@/components/models/model-href";
import Link from "@/components/ui/link";
import type { Column, Row } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import { stageName } from "@/lib/models/model";
import {
  actionsFor,
  type Item,
  type ItemModel,
  itemKindName,
  itemStatusName,
} from "@/lib/reconciliation/reconciliation";
import { ActButton, type Choices, type ServerActions } from "./act";

export const itemColumns: readonly (Column & { label?: string })[] = [
  { id: "model", name: "Model" },
  { id: "kind", name: "Difference" },
  { id: "how", name: "How it was found" },
  { id: "unit", name: "Unit and tier" },
  { id: "since", name: "Since" },
  { id: "act", name: "Action" },
];

/** A connection that was removed keeps its name, with the day behind it. */
const named = (source: string) => source.replace(/ \(removed [^)]*\)$/, ", closed");

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** How a difference was found, in one clause. */
export function sayHow({ kind, evidence: e, model, other }: Item): string {
  const registry = named(e.source ?? "a registry");
  const shared = e.shared ?? 0;
  switch (kind) {
    case "unclaimed":
      return e.source
        ? `${registry} holds it with ${plural(model?.versions ?? 0, "version")}`
        : "Entered without an owner";
    case "ownerless":
      if (e.formerOwner) return `${e.formerOwner}'s account was closed`;
      return e.disownedBy ? `${e.disownedBy} said not to own it` : "Its owner was taken off";
    case "vanished":
      return `Two syncs of ${registry} did not find it${e.lastSeen ? `; last seen ${e.lastSeen.slice(0, 10)}` : ""}`;
    case "renamed":
      return `${registry} shows ${plural(shared, "version")} of it as ${other?.name ?? "another name"}, by ${e.by === "run" ? "run" : "artefact digest"}`;
    case "duplicate":
      if (e.by === "digest") return `${plural(shared, "version")} with the same artefact digest`;
      return e.by === "run" ? "The same name and the same training run" : "The same name but for spelling";
    case "unlisted":
      return `${registry} sees ${e.version ? `version ${e.version}` : "it"} serve in ${e.environment ?? "an environment"}`;
    default:
      return e.finding ? `${e.finding}: ${e.source ?? "serves without a release"}` : "Serves without a release";
  }
}

const link = (m: ItemModel) => (
  <Link href={modelHref(m.name)} className="b">
    {m.name}
  </Link>
);
const of = (m: ItemModel) => [named(m.source ?? "by hand"), m.ownerName ?? "nobody", stageName[m.stage]].join(", ");

/** One difference in the worklist, and as a card on small screens. */
export function itemRow(item: Item, verdict: Verdict, actions: ServerActions, choices: Choices): Row {
  const { model, other } = item;
  const name = model?.name ?? item.seenName;
  const [first, ...more] = item.status === "open" ? actionsFor[item.kind] : [];
  const button = (act: NonNullable<typeof first>, tone?: "act" | "ghost") => (
    <ActButton
      key={act}
      act={act}
      cover={{ ids: [item.id] }}
      covers={other ? `${name} and ${other.name}` : name}
      actions={actions}
      choices={choices}
      tone={tone}
    />
  );
  const acts =
    item.status !== "open" || !first ? (
      <span className="lbl">
        {itemStatusName[item.status]}
        {item.settledBy ? ` by ${item.settledBy}` : ""}
      </span>
    ) : verdict.ok ? (
      <span className="row" style={{ gap: 4 }}>
        {button(first, "act")}
        {more.map((act) => button(act, "ghost"))}
      </span>
    ) : (
      <WhyButton label="Settle" reason={verdict.reason} />
    );
  const what = (
    <>
      {model ? link(model) : <span className="b mono">{item.seenName}</span>}
      {model ? <div className="lbl">{of(model)}</div> : null}
      {other ? (
        <>
          <div>{link(other)}</div>
          <div className="lbl">{of(other)}</div>
        </>
      ) : null}
    </>
  );
  const how = (
    <>
      {sayHow(item)}
      {item.reason ? <div className="lbl">“{item.reason}”</div> : null}
      {item.ignoredUntil ? (
        <div className="lbl">
          Until <When at={item.ignoredUntil} />
        </div>
      ) : null}
    </>
  );
  const kind =
    item.kind === "bypass" && model ? (
      <Link href={modelHref(model.name)}>{itemKindName.bypass}</Link>
    ) : (
      itemKindName[item.kind]
    );
  return {
    id: item.id,
    name,
    cells: {
      model: what,
      kind,
      how,
      unit: model ? (
        <>
          <TierChip tier={model.tier} /> {model.unit ?? <span className="mut">no unit</span>}
        </>
      ) : (
        <span className="mut">none</span>
      ),
      since: <When at={item.since} />,
      act: acts,
    },
    card: (
      <>
        <div className="row">
          <span className="lbl">{itemKindName[item.kind]}</span>
          <span className="sp" />
          <When at={item.since} />
        </div>
        {what}
        <div className="ink2 l2">{how}</div>
        {acts}
      </>
    ),
  };
}
