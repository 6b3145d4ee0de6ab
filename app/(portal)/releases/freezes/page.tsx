import { orEmpty } from "@/app/(portal)/not-found-if";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Deed } from "@/components/ui/deed";
import { Empty } from "@/components/ui/empty";
import { DateField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Actor } from "@/lib/core/actor";
import { freezeStateName, freezeStates, mayFreeze, sayIn } from "@/lib/freezes/freeze";
import { type Freeze, findFreezes } from "@/lib/freezes/queries";
import { listUnits } from "@/lib/units/queries";
import { declareTheFreeze, exemptTheRelease, liftTheFreeze } from "../actions";

export const metadata = { title: "Release freezes" };

const here = "/releases/freezes";
const keys = ["state", "environment"] as const;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const look = { active: "glass_open", upcoming: "due_soon", over: "closed", lifted: "withdrawn" } as const;

export default async function FreezesPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const given = Object.fromEntries([...keys, "after"].flatMap((k) => (one(params[k]) ? [[k, one(params[k])]] : [])));
  const [list, units] = await Promise.all([orEmpty(findFreezes, ctx, given), listUnits(ctx, {})]);
  const items = list?.items ?? [];
  const filtered = keys.some((k) => one(params[k]));
  // Whoever keeps freezes of some units only is told so by the command.
  const may = mayFreeze(ctx.actor, units.items.find((u) => mayFreeze(ctx.actor, u.id).ok)?.id ?? null);
  return (
    <Page
      name="release"
      aside={
        <>
          <div className="h">
            <h2>Declare a freeze</h2>
          </div>
          {may.ok ? (
            <ActionForm action={declareTheFreeze} submit="Declare the freeze" guard label="Declare a freeze">
              <SelectField
                name="environment"
                label="Of releases to"
                defaultValue="prod"
                options={[
                  { value: "prod", label: "Production" },
                  { value: "staging", label: "Staging" },
                ]}
              />
              <SelectField
                name="businessUnit"
                label="Business unit"
                optional
                blank="The whole organisation"
                options={units.items.map((u) => ({ value: u.slug, label: u.name }))}
              />
              <DateField name="fromDay" label="From" />
              <TextField name="fromTime" label="At" mono maxLength={5} defaultValue="18:00" />
              <DateField name="untilDay" label="Until" />
              <TextField
                name="untilTime"
                label="At"
                hint="Local times, in the zone of the unit's working calendar."
                mono
                maxLength={5}
                defaultValue="08:00"
              />
              <TextArea
                name="reason"
                label="Why?"
                hint="The gate tells it to everyone it stops."
                minLength={10}
                maxLength={2000}
              />
            </ActionForm>
          ) : (
            <WhyButton label="Declare the freeze" reason={may.reason} full />
          )}
        </>
      }
    >
      <PageHead
        title="Release freezes"
        lede="Windows in which the gate lets nothing through, what is coming, and which releases may go all the same."
        actions={
          <>
            <ButtonLink href={withParams(`${here}/rows.csv`, params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/releases">Releases</ButtonLink>
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <Filters
          filters={[
            {
              key: "state",
              name: "State",
              options: freezeStates.map((s) => ({ value: s, label: freezeStateName[s] })),
            },
          ]}
        />
      </div>
      {items.length === 0 ? (
        filtered ? (
          <Empty title="None matches" action={<ButtonLink href={here}>Show all</ButtonLink>} />
        ) : (
          <Empty title="Nothing is frozen">
            The ARB chair, security or model risk declare a freeze, for one environment and a unit or all.
          </Empty>
        )
      ) : (
        <div style={{ marginBottom: 24 }}>
          {items.map((f) => (
            <Window key={f.id} freeze={f} actor={ctx.actor} />
          ))}
        </div>
      )}
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={null}
          noun="freeze"
          next={list?.next ? withParams(here, params, { after: list.next }) : null}
          start={params.after ? withParams(here, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

function Window({ freeze: f, actor }: { freeze: Freeze; actor: Actor }) {
  const may = mayFreeze(actor, f.unitId);
  const open = f.state === "active" || f.state === "upcoming";
  return (
    <section className="sec" id={f.ref}>
      <div className="h">
        <h2>
          {f.environment === "prod" ? "Production" : "Staging"}, {f.unit ?? "the whole organisation"}
        </h2>
        <Status state={look[f.state]} word={freezeStateName[f.state]} tag={f.state === "active"} />
      </div>
      <p>
        From {sayIn(new Date(f.startsAt), f.timeZone)} until {sayIn(new Date(f.endsAt), f.timeZone)}.
      </p>
      <p className="record">{f.reason}</p>
      <p className="lbl">
        <span className="mono">{f.ref}</span>, declared by {f.declaredBy}, <When at={f.declaredAt} />
        {f.liftedBy ? (
          <>
            . Lifted by {f.liftedBy}, <When at={f.liftedAt} />: {f.liftReason}
          </>
        ) : null}
      </p>
      {f.exemptions.length > 0 ? (
        <ul className="tl">
          {f.exemptions.map((e) => (
            <li key={e.release}>
              <Link className="mono" href={`/releases/${e.release}`}>
                {e.release}
              </Link>
              <span>
                {e.model}: {e.reason}
              </span>
              <span className="lbl">
                {e.by}, <When at={e.at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {open && may.ok ? (
        <>
          <Deed
            title="Exempt a release"
            action={exemptTheRelease}
            record={f.ref}
            label={`Exempt a release from ${f.ref}`}
          >
            <TextField name="release" label="Release" hint="Its reference, such as REL-0231." mono maxLength={64} />
            <TextArea name="reason" label="Why may it go?" minLength={10} maxLength={2000} />
          </Deed>
          <Deed title="Lift it" action={liftTheFreeze} record={f.ref} label={`Lift ${f.ref}`}>
            <TextArea name="reason" label="Why?" minLength={10} maxLength={2000} />
          </Deed>
        </>
      ) : open && !may.ok ? (
        <WhyButton label="Exempt a release, or lift it" reason={may.reason} />
      ) : null}
    </section>
  );
}
