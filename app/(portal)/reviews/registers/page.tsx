import { orEmpty } from "@/app/(portal)/not-found-if";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import type { State } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { type Column, type Row, Table } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { authorityName } from "@/lib/readiness/risk-acceptance";
import { countRegisters, findRegister, type RegisterRow } from "@/lib/registers/queries";
import {
  bandName,
  bands,
  type Register,
  type RowState,
  registerName,
  registerNoun,
  registers,
  rowStateName,
  statesIn,
  stepInWords,
} from "@/lib/registers/register";
import { conditionKindName, conditionKinds } from "@/lib/reviews/review";
import { listUnits } from "@/lib/units/queries";

export const metadata = { title: "Registers" };

const here = "/reviews/registers";
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const keys = ["state", "band", "due", "owner", "tier", "unit", "model", "q"] as const;

const lede: Record<Register, string> = {
  conditions:
    "What decisions still ask of owners. Five days over goes to the manager, fifteen to the board, thirty suspends the approval.",
  exceptions: "Items of readiness that somebody lets a model lack for a while. On its last day the item counts again.",
  risks: "Risks that reviews named and somebody bears until a day. One that ran out is borne by nobody.",
};

export default async function RegistersPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const register = registers.find((r) => r === one(params.register)) ?? "conditions";
  const given = Object.fromEntries([...keys, "after"].flatMap((k) => (one(params[k]) ? [[k, one(params[k])]] : [])));
  const [list, counts, units] = await Promise.all([
    orEmpty(findRegister, ctx, { register, ...given }),
    countRegisters(ctx, {}),
    orEmpty(listUnits, ctx, {}),
  ]);
  const items = list?.items ?? [];
  const filtered = keys.some((k) => one(params[k]));
  return (
    <Page name="records">
      <PageHead
        title="Registers"
        lede={lede[register]}
        actions={
          <>
            <ButtonLink href={withParams(`${here}/rows.csv`, params, { after: null, register })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/reviews/findings">Findings</ButtonLink>
          </>
        }
      />
      <Tabs
        label="Registers"
        items={registers.map((r) => ({
          href: r === "conditions" ? here : `${here}?register=${r}`,
          name: registerName[r],
          on: r === register,
          count: counts[r],
        }))}
      />
      <Ages register={register} list={list} params={params} />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label={`Find a ${registerNoun[register]} or model`} />
        <Filters
          filters={[
            {
              key: "state",
              name: "State",
              options: [
                { value: "any", label: "Any" },
                ...statesIn[register].map((s) => ({ value: s, label: rowStateName[s] })),
              ],
            },
            { key: "band", name: "Age", options: bands.map((b) => ({ value: b, label: bandName[b] })) },
            {
              key: "due",
              name: "Due",
              options: [
                { value: "overdue", label: "Overdue" },
                { value: "soon", label: "Within 30 days" },
              ],
            },
            {
              key: "owner",
              name: "Owner",
              options: [
                { value: "me", label: "Me" },
                { value: "none", label: "Nobody" },
              ],
            },
            { key: "tier", name: "Tier", options: ["1", "2", "3", "4"].map((t) => ({ value: t, label: `Tier ${t}` })) },
            { key: "unit", name: "Unit", options: (units?.items ?? []).map((u) => ({ value: u.slug, label: u.name })) },
          ]}
        />
      </div>
      <Table
        label={registerName[register]}
        columns={columnsOf(register)}
        rows={items.map((item) => rowOf(item, register))}
        empty={
          filtered ? (
            <Empty
              title={`No ${registerNoun[register]} matches`}
              action={<ButtonLink href={`${here}?register=${register}`}>Show all that run</ButtonLink>}
            />
          ) : (
            <Empty title={nothing[register].title}>{nothing[register].text}</Empty>
          )
        }
      />
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={null}
          noun={registerNoun[register]}
          next={list?.next ? withParams(here, params, { after: list.next }) : null}
          start={params.after ? withParams(here, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

const nothing: Record<Register, { title: string; text: string }> = {
  conditions: {
    title: "No condition is open",
    text: "A decision with conditions puts them here, with owner and due date.",
  },
  exceptions: { title: "No exception runs", text: "An owner asks for a waiver on the page of a model's readiness." },
  risks: {
    title: "No risk is borne",
    text: "Whoever works on a review asks, beside its list of risks, that one be accepted until a day.",
  },
};

/** How old the rows are: each band opens its own. */
function Ages({
  register,
  list,
  params,
}: {
  register: Register;
  list: Awaited<ReturnType<typeof findRegister>> | null;
  params: Params;
}) {
  const counted = list?.bands ?? [];
  if (counted.every((b) => b.n === 0)) return null;
  const on = one(params.band);
  return (
    <ul className="ages" aria-label={`Age of ${registerName[register].toLowerCase()}`}>
      {counted.map(({ band, n, overdue }) => (
        <li key={band}>
          <Link
            href={withParams(here, params, { band: on === band ? null : band })}
            aria-current={on === band ? "true" : undefined}
          >
            <b>{n}</b> <span className="lbl">{bandName[band]}</span>
          </Link>
          {overdue > 0 ? <span className="st fail">{overdue} overdue</span> : null}
        </li>
      ))}
    </ul>
  );
}

const columnsOf = (register: Register): Column[] => [
  { id: "ref", name: registerName[register].replace(/s$/, ""), width: 100 },
  { id: "text", name: "What" },
  { id: "owner", name: "Owner", width: 150 },
  { id: "state", name: "State", width: 120 },
  { id: "age", name: "Open for", num: true, width: 84 },
  { id: "due", name: register === "conditions" ? "Due" : "Until", width: 130 },
  { id: "step", name: register === "conditions" ? "Escalated" : "Warned", width: 170 },
];

const look: Record<RowState, State> = {
  open: "open",
  answered: "answered",
  requested: "requested",
  accepted: "waived",
  lapsed: "stale",
  closed: "closed",
  refused: "refused",
  ended: "not_applicable",
  withdrawn: "withdrawn",
};

function placeOf(r: RegisterRow): string {
  const model = `/models/${encodeURIComponent(r.model)}`;
  if (r.review) return `/reviews/${r.review}#${r.ref}`;
  return r.item ? `${model}/readiness?show=all&item=${encodeURIComponent(r.item)}#${r.item}` : model;
}

const kindName = (note: string): string => {
  const kind = conditionKinds.find((k) => k === note);
  return kind ? conditionKindName[kind] : "";
};

const days = (n: number) => `${n} ${n === 1 ? "day" : "days"}`;

function rowOf(r: RegisterRow, register: Register): Row {
  const signed = r.signers.map((s) => `${s.name} as ${authorityName[s.authority]}`).join(", ");
  const text = (
    <div style={{ padding: "6px 0" }}>
      <Link href={placeOf(r)} className="plain b">
        {r.text}
      </Link>
      <div className="lbl">
        <Link href={`/models/${encodeURIComponent(r.model)}`} className="mono">
          {r.model}
        </Link>
        {r.review ? `, ${r.review}` : ""}
        {r.unit ? `, ${r.unit}` : ""}
        {register === "conditions"
          ? `. ${kindName(r.note)}`
          : r.level
            ? `. ${r.level.charAt(0).toUpperCase()}${r.level.slice(1)} risk`
            : ""}
        {signed ? `. Accepted by ${signed}` : ""}
      </div>
    </div>
  );
  const step = stepInWords(r.step) ?? <span className="mut">{r.overdue ? "Not yet" : "No"}</span>;
  const over = r.left < 0 ? `${days(-r.left)} ${r.overdue ? "over" : "ago"}` : `${days(r.left)} left`;
  const due = (
    <div className={r.overdue ? "due over" : "due"}>
      <When at={r.dueOn} show="day" />
      <small>{over}</small>
    </div>
  );
  const owner = r.owner ?? <span className="mut">Nobody</span>;
  const state = <Status state={look[r.state]} word={rowStateName[r.state]} />;
  return {
    id: r.id,
    name: r.ref,
    cells: {
      ref: (
        <>
          <span className="mono">{r.ref}</span> <TierChip tier={r.tier} />
        </>
      ),
      text,
      owner,
      state,
      age: `${r.age} d`,
      due,
      step,
    },
    card: (
      <>
        <div className="row w">
          <span className="mono mut">{r.ref}</span>
          <TierChip tier={r.tier} />
          <span className="sp" />
          {state}
        </div>
        {text}
        <div className="row">
          <span className="lbl">
            {owner}, open for {days(r.age)}
          </span>
          <span className="sp" />
          {due}
        </div>
        {stepInWords(r.step) ? <div className="lbl">{step}</div> : null}
      </>
    ),
  };
}
