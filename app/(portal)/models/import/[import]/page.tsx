import type { Metadata } from "next";
import { modelHref } from "@/components/models/model-href";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { type Fate, fateName, fates, mayApply, type RowFate } from "@/lib/imports/import";
import { importGet } from "@/lib/imports/queries";
import { orNotFound } from "../../../not-found-if";
import { applyAction } from "../actions";

export const metadata: Metadata = { title: "Dry run" };

type Props = { params: Promise<{ import: string }>; searchParams: Promise<Params> };

export default async function ImportRunPage({ params, searchParams }: Props) {
  const query = await searchParams;
  const ctx = await pageContext();
  const id = (await params).import;
  const run = await orNotFound(importGet, ctx, {
    import: id,
    ...(typeof query.fate === "string" ? { fate: query.fate } : {}),
    ...(typeof query.after === "string" ? { after: query.after } : {}),
  });
  const path = `/models/import/${run.id}`;
  const { counts } = run;
  const total = fates.reduce((n, f) => n + counts[f], 0);
  const todo = counts.create + counts.update;
  const done = run.state === "applied";
  const may = mayApply(ctx.actor, run);
  const plural = (n: number, word: string) => `${n.toLocaleString("en-GB")} ${word}${n === 1 ? "" : "s"}`;
  return (
    <Page>
      <PageHead
        title={run.fileName}
        state={<Status state={done ? "pass" : "draft"} tag word={done ? "Imported" : "Dry run"} />}
        lede={
          done ? (
            <>
              Imported <When at={run.appliedAt} show="datetime" />. {plural(counts.refused, "row")} left out.
            </>
          ) : (
            `Nothing is changed yet. ${plural(total, "row")} in ${run.encoding}.`
          )
        }
        actions={
          <>
            {counts.refused > 0 ? (
              <a className="btn" href={`/api/v1/imports/${run.id}/refused.csv`} download>
                Refused rows as CSV
              </a>
            ) : null}
            <ButtonLink href="/models/import">Another file</ButtonLink>
          </>
        }
      />
      {done ? (
        <Notice tone="pass">
          {plural(counts.create, "model")} created, {plural(counts.update, "model")} updated. One entry in the log says
          every change.
        </Notice>
      ) : todo === 0 ? (
        <Notice tone="info">No row of this file would change anything.</Notice>
      ) : may.ok ? (
        <ActionForm
          action={applyAction}
          submit={`Import ${plural(todo, "row")}`}
          hidden={{ import: run.id }}
          label="Import"
          confirm={{
            title: `Import ${plural(todo, "row")}?`,
            text: `${plural(counts.create, "model")} will be created and ${plural(counts.update, "model")} changed. ${plural(counts.refused, "refused row")} will be left out.`,
            yes: "Import",
          }}
        />
      ) : (
        <WhyButton label="Import" reason={may.reason} />
      )}
      <Tabs
        label="Rows by fate"
        items={[
          { href: path, name: "All", on: !query.fate, count: total },
          ...fates.map((fate) => ({
            href: withParams(path, {}, { fate }),
            name: fateName[fate],
            on: query.fate === fate,
            count: counts[fate],
          })),
        ]}
      />
      <Table
        label="Rows of the file"
        empty={<Empty title="No such row">Look at the other rows of the file.</Empty>}
        columns={[
          { id: "line", name: "Line", num: true },
          { id: "fate", name: "Fate" },
          { id: "name", name: "Name" },
          { id: "what", name: "What" },
        ]}
        rows={run.rows.map((row) => ({
          id: String(row.line),
          cells: {
            line: <span className="mono">{row.line}</span>,
            fate: <FateWord fate={row.fate} done={done} />,
            name:
              row.fate === "update" || row.fate === "unchanged" || (done && row.fate === "create") ? (
                <Link className="mono" href={modelHref(row.name)}>
                  {row.name}
                </Link>
              ) : (
                <span className="mono">{row.name || "no name"}</span>
              ),
            what: <What row={row} />,
          },
        }))}
      />
      {run.rows.length > 0 ? (
        <Pager
          shown={run.rows.length}
          first={`line ${run.rows[0]?.line}`}
          last={`line ${run.rows.at(-1)?.line}`}
          total={null}
          next={run.next === null ? null : withParams(path, query, { after: String(run.next) })}
          start={query.after ? withParams(path, query, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

function FateWord({ fate, done }: { fate: Fate; done: boolean }) {
  if (fate === "refused") return <Status state="fail" word={done ? "Left out" : "Refused"} />;
  if (fate === "unchanged") return <span className="mut">Unchanged</span>;
  const word = fate === "create" ? (done ? "Created" : "Create") : done ? "Updated" : "Update";
  return <Status state={done ? "pass" : "draft"} word={word} />;
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text || "nothing");

function What({ row }: { row: RowFate }) {
  if (row.faults.length > 0)
    return (
      <>
        {row.faults.map((f) => (
          <div key={`${f.column} ${f.message}`} className="wrap">
            {f.column ? <b className="mono">{f.column}</b> : null} {f.message}
          </div>
        ))}
      </>
    );
  return (
    <>
      {row.changes.map((c) => (
        <div key={c.column} className="wrap">
          <b className="mono">{c.column}</b> <del>{short(c.from)}</del> <ins>{short(c.to)}</ins>
        </div>
      ))}
    </>
  );
}
