import type { Metadata } from "next";
import { HistoryPanel } from "@/components/log/history";
import { modelHref } from "@/components/models/model-href";
import { DriftWord } from "@/components/patterns/followed";
import { ActionForm } from "@/components/ui/action-form";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { logList } from "@/lib/log/queries";
import { legalClassName, stageName } from "@/lib/models/model";
import { patternOfUseCase } from "@/lib/patterns/reads";
import { useCaseGet } from "@/lib/use-cases/queries";
import { euRoleName, mayEditUseCase, money, useCaseStatusName, valueKindName } from "@/lib/use-cases/use-case";
import { orNotFound } from "../../../not-found-if";
import { linkModelAction, unlinkModelAction } from "../actions";

type Props = { params: Promise<{ ref: string }>; searchParams: Promise<Params> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).ref) };
}

export default async function UseCasePage({ params, searchParams }: Props) {
  const key = decodeURIComponent((await params).ref);
  const query = await searchParams;
  const ctx = await pageContext(query);
  const { asOf } = ctx;
  const c = await orNotFound(useCaseGet, ctx, { useCase: key });
  const [log, followed] = await Promise.all([
    logList(ctx, { subject: c.id, limit: 14 }),
    // Which text was pinned in the past is in the log, not in tables.
    asOf ? null : patternOfUseCase(ctx, { useCase: c.ref }),
  ]);
  const open = followed?.deviations.filter((d) => d.open).length ?? 0;
  const may = unlessPast(ctx, mayEditUseCase(ctx.actor, c));
  const path = `/portfolio/use-cases/${c.ref}`;
  return (
    <Page name="model" aside={<HistoryPanel entries={log.entries} all={`/log?subject=${c.ref}`} />}>
      <AsOfBar path={path} params={query} at={asOf} />
      <PageHead
        title={c.name}
        state={
          <Status
            state={c.status === "live" ? "live" : c.status === "retired" ? "retired" : "draft"}
            tag
            word={useCaseStatusName[c.status]}
          />
        }
        lede={<span className="mono">{c.ref}</span>}
        actions={
          <>
            <AsOfChoice path={path} params={query} at={asOf} />
            {may.ok ? (
              <ButtonLink href={`${path}/edit`}>Edit</ButtonLink>
            ) : (
              <WhyButton label="Edit" reason={may.reason} />
            )}
          </>
        }
      />
      <dl className="meta">
        <div>
          <dt className="lbl">Expected value a year</dt>
          <dd className="v">
            {c.valueAmount && c.valueCurrency ? money(c.valueAmount, c.valueCurrency) : "Not estimated"}
          </dd>
          <dd className="w">{c.valueKind ? valueKindName[c.valueKind] : "Nobody has said what it would bring."}</dd>
        </div>
        <div>
          <dt className="lbl">EU AI Act</dt>
          <dd className="v">{c.legalClass ? legalClassName[c.legalClass] : "Not assessed"}</dd>
          <dd className="w">{c.euRole ? `${euRoleName[c.euRole]} of the system.` : "Role not said."}</dd>
        </div>
        <div>
          <dt className="lbl">Owner</dt>
          <dd className="v">{c.owner?.name ?? "Nobody"}</dd>
          <dd className="w">Sponsor: {c.sponsor}</dd>
        </div>
        <div>
          <dt className="lbl">Business unit</dt>
          <dd className="v">
            <Link href={`/admin/units/${c.unit}`}>{c.unitName}</Link>
          </dd>
          <dd className="w">
            Registered <When at={c.createdAt} />
          </dd>
        </div>
      </dl>
      {followed ? (
        <Section title="Reference architecture" note={<Link href={`${path}/pattern`}>Pattern and deviations</Link>}>
          {followed.adoption ? (
            <p>
              <Link className="b" href={`/patterns/${followed.adoption.patternId}?digest=${followed.adoption.digest}`}>
                {followed.adoption.title ?? followed.adoption.patternId}
              </Link>{" "}
              version {followed.adoption.version} <DriftWord behind={followed.adoption.behind} />{" "}
              {open > 0 ? (
                <Status state="open" word={open === 1 ? "1 open deviation" : `${open} open deviations`} />
              ) : null}
            </p>
          ) : (
            <p className="mut">
              It follows none. <Link href={`/patterns?useCase=${c.ref}`}>Choose one</Link>
            </p>
          )}
        </Section>
      ) : null}
      <Section title="Problem">
        <p className="record">{c.problem}</p>
      </Section>
      <Section
        title="Models"
        note={
          c.hidden > 0 ? `${c.serving.length} shown, ${c.hidden} of other business units not` : `${c.models} serve it`
        }
      >
        <Table
          label="Models that serve this use case"
          empty={
            <Empty title="No model serves it yet">
              Name one below, or choose this use case when a model is claimed.
            </Empty>
          }
          columns={[
            { id: "name", name: "Model" },
            { id: "tier", name: "Tier" },
            { id: "class", name: "EU AI Act class" },
            { id: "owner", name: "Owner" },
            { id: "stage", name: "Stage" },
            { id: "act", name: "Action" },
          ]}
          rows={c.serving.map((m) => ({
            id: m.id,
            name: m.name,
            cells: {
              name: (
                <>
                  <Link href={modelHref(m.name, asOf)} className="b">
                    {m.name}
                  </Link>
                  {m.main ? null : <span className="mut"> beside its main one</span>}
                </>
              ),
              tier: <TierChip tier={m.tier} />,
              class: m.legalClass ? legalClassName[m.legalClass] : <span className="mut">not assessed</span>,
              owner: m.owner ?? <span className="mut">nobody</span>,
              stage: stageName[m.stage],
              act: may.ok ? (
                <ActionForm
                  action={unlinkModelAction}
                  submit="Take off"
                  tone="ghost"
                  className="bulk-form"
                  label={`Take ${m.name} off`}
                  hidden={{ useCase: c.ref, model: m.name }}
                />
              ) : null,
            },
          }))}
        />
        {may.ok && c.status !== "retired" ? (
          <ActionForm
            action={linkModelAction}
            submit="Add"
            tone="outlined"
            className="fields"
            hidden={{ useCase: c.ref }}
          >
            <TextField name="model" label="Model" hint="Its name in the inventory." mono maxLength={400} />
          </ActionForm>
        ) : null}
      </Section>
    </Page>
  );
}
