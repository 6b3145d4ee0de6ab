import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { TextArea, TextField } from "@/components/ui/field";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayOpen } from "@/lib/evaluations/evaluation";
import { listEvaluations } from "@/lib/evaluations/queries";
import { orEmpty } from "../../not-found-if";
import { openAction } from "./actions";

export const metadata: Metadata = { title: "Build or buy" };

const path = "/guidance/evaluations";
const statuses = [
  { value: "draft", label: "Draft" },
  { value: "concluded", label: "Concluded" },
];

export default async function EvaluationsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const { status, after } = params;
  const ctx = await pageContext();
  const { items, total, next } = (await orEmpty(listEvaluations, ctx, {
    ...(status ? { status } : {}),
    ...(after ? { after } : {}),
  })) ?? { items: [], total: 0, next: null };
  const verdict = mayOpen(ctx.actor);
  return (
    <Page name="patterns">
      <PageHead
        title="Build or buy"
        lede="Options for one need, weighed and scored with reasons. What nobody knows yet is shown as unknown, and counts neither way."
      />
      <GuidanceTabs at={path} />
      <div className="fb">
        <Filters filters={[{ key: "status", name: "Status", options: statuses }]} />
        <span className="sp" />
        <ButtonLink href={withParams(`${path}/rows.csv`, params, { after: null })} prefetch={false}>
          CSV
        </ButtonLink>
      </div>
      {items.length === 0 ? (
        <Empty title={status ? "No evaluation matches" : "Nothing was evaluated yet"}>
          {status
            ? "Take the filter away."
            : "Open one below, before the first demonstration by a vendor and not after."}
        </Empty>
      ) : (
        <>
          <Table
            label="Evaluations"
            columns={[
              { id: "title", name: "Evaluation" },
              { id: "status", name: "Status" },
              { id: "result", name: "Result" },
              { id: "unknown", name: "Unknown scores", num: true },
              { id: "opened", name: "Opened" },
            ]}
            rows={items.map((e) => ({
              id: e.ref,
              cells: {
                title: (
                  <>
                    <Link className="b" href={`${path}/${e.ref}`}>
                      {e.title}
                    </Link>
                    <div className="lbl">
                      <span className="mono">{e.ref}</span> {e.options.join(", ") || "no options yet"}
                    </div>
                  </>
                ),
                status: <EvaluationStatus status={e.status} />,
                result: sayResult(e),
                unknown: e.unknown,
                opened: (
                  <>
                    <When at={e.openedAt} />, {e.openedBy}
                  </>
                ),
              },
              card: (
                <>
                  <div className="row">
                    <Link className="b" href={`${path}/${e.ref}`}>
                      {e.title}
                    </Link>
                    <span className="sp" />
                    <EvaluationStatus status={e.status} />
                  </div>
                  <div className="lbl">
                    <span className="mono">{e.ref}</span> {e.options.join(", ") || "no options yet"}
                  </div>
                  <div>{sayResult(e)}</div>
                </>
              ),
            }))}
          />
          <Pager
            shown={items.length}
            first={items[0]?.ref}
            last={items.at(-1)?.ref}
            total={total}
            noun="evaluation"
            next={next ? withParams(path, params, { after: next }) : null}
            start={after ? withParams(path, params, { after: null }) : null}
          />
        </>
      )}
      <Section title="Open an evaluation">
        {verdict.ok ? (
          <div style={{ maxWidth: 560 }}>
            <ActionForm action={openAction} submit="Open" guard label="Open an evaluation">
              <TextField name="title" label="Title" maxLength={160} />
              <TextArea
                name="need"
                label="The need"
                hint="Who needs what, by when, and what happens if nothing is done. No product names."
                rows={4}
                maxLength={4000}
              />
            </ActionForm>
          </div>
        ) : (
          <WhyButton label="Open" reason={verdict.reason} />
        )}
      </Section>
    </Page>
  );
}

function EvaluationStatus({ status }: { status: "draft" | "concluded" }) {
  return status === "draft" ? <Status state="open" word="Draft" /> : <Status state="closed" word="Concluded" />;
}

const sayResult = (e: { chosen: string | null; leads: string | null; options: readonly string[] }): string => {
  if (e.chosen) return e.chosen === e.leads || e.leads === null ? e.chosen : `${e.chosen}, though ${e.leads} leads`;
  if (e.leads) return `${e.leads} leads`;
  return e.options.length < 2 ? "Fewer than two options" : "Open";
};
