import type { Metadata } from "next";
import { EditionList, EditText, LibraryStanding } from "@/components/library/standing";
import { Contents } from "@/components/markdown/contents";
import { ForgetSentDrafts } from "@/components/markdown/draft";
import { Markdown } from "@/components/markdown/markdown";
import { Conforms } from "@/components/patterns/conforms";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import { TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { PrintButton } from "@/components/ui/print-button";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { editionName } from "@/lib/library/library";
import { libraryEditions } from "@/lib/library/reads";
import { outline } from "@/lib/markdown/outline";
import { kindName, legalClassName } from "@/lib/models/model";
import { mayManage } from "@/lib/patterns/adoption";
import { patternConformance } from "@/lib/patterns/conformance";
import { patternPlatformName } from "@/lib/patterns/pattern";
import { getPattern, patternAdopters, patternUseCases } from "@/lib/patterns/reads";
import { itemTypeName } from "@/lib/readiness/readiness";
import { orNotFound } from "../../not-found-if";
import { adopt, adoptWithUseCase } from "./actions";

export const metadata: Metadata = { title: "Pattern" };

const words = (list: readonly (string | number)[]): string =>
  list.length === 0 ? "none" : list.map((v) => String(v).replaceAll("_", " ")).join(", ");

export default async function PatternPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ model?: string; useCase?: string; version?: string; digest?: string; after?: string }>;
}) {
  const [{ id }, { model, useCase, version, digest, after }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const pattern = await orNotFound(getPattern, ctx, {
    id,
    ...(version ? { version } : {}),
    ...(digest ? { digest } : {}),
  });
  const some = { id, limit: 25, ...(after ? { after } : {}) };
  const [held, adopters, conformance, useCases] = await Promise.all([
    orNotFound(libraryEditions, ctx, { kind: "pattern" as const, id }),
    orNotFound(patternAdopters, ctx, some),
    orNotFound(patternConformance, ctx, some),
    orNotFound(patternUseCases, ctx, { id, limit: 200 }),
  ]);
  const conforms = new Map(conformance.items.map((one) => [one.model, one]));
  const { limits } = pattern;
  const inForce = pattern.versions.find((v) => v.inForce);
  const text = pattern.markdown.replace(/^\s*# .+\n/, "");
  const href = (next: Record<string, string>) => `/patterns/${id}?${new URLSearchParams(next)}`;

  return (
    <Page
      name="pattern"
      aside={
        <>
          <div className="h">
            <h2>Follow this pattern</h2>
          </div>
          <ActionForm
            action={adopt}
            submit={`Follow version ${pattern.version}`}
            label="Follow this pattern with a model"
            hidden={{ pattern: pattern.id, digest: pattern.digest }}
            guard
          >
            <TextField
              name="name"
              label="Model"
              hint="Its name in the inventory."
              defaultValue={model}
              maxLength={250}
            />
            <TextArea
              name="deviations"
              label="Where it departs"
              hint="Empty means full conformance. A deviation stays open until an accepted decision record allows it; name it on the model’s page."
              voice="record"
              rows={4}
              optional
              maxLength={8000}
            />
          </ActionForm>
          <details open={useCase !== undefined}>
            <summary>With a use case</summary>
            <ActionForm
              action={adoptWithUseCase}
              submit={`Follow version ${pattern.version}`}
              label="Follow this pattern with a use case"
              tone="outlined"
              hidden={{ pattern: pattern.id, digest: pattern.digest }}
              guard
            >
              <TextField
                name="useCase"
                label="Use case"
                hint="Its reference or name. The models that serve it are measured by this text."
                placeholder="UC-0001"
                defaultValue={useCase}
                maxLength={120}
              />
              <TextArea name="deviations" label="Where it departs" voice="record" rows={3} optional maxLength={8000} />
            </ActionForm>
          </details>
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Self-service within</h2>
          </div>
          <KeyValues
            items={[
              { key: "Tiers", value: words(limits.tiers) },
              { key: "Serving", value: words(limits.serving_types.map((t) => itemTypeName[t])) },
              { key: "Models", value: words(limits.model_kinds.map((k) => kindName[k])) },
              { key: "Data", value: words(limits.data_classes) },
              { key: "AI Act", value: words(limits.legal_classes.map((c) => legalClassName[c])) },
              { key: "Built on", value: words(pattern.variants.map((v) => patternPlatformName[v])) },
              { key: "Regions", value: words(limits.regions) },
              { key: "Vendors", value: words(limits.vendors) },
              {
                key: "Load",
                value:
                  limits.max_requests_per_second === null ? "batch" : `${limits.max_requests_per_second} requests/s`,
              },
              { key: "May write", value: limits.write_access ? "yes" : "no" },
              { key: "Public input", value: limits.public_input ? "yes" : "no" },
            ]}
          />
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Versions</h2>
          </div>
          <EditionList held={held} shown={pattern.digest} />
          <p className="lbl">
            This text <Digest value={pattern.digest} />
          </p>
        </>
      }
    >
      <PageHead
        title={pattern.title}
        actions={
          <>
            <PrintButton />
            <ButtonLink href={`/patterns/adoption?pattern=${id}#models`}>Its adoption</ButtonLink>
            <EditText held={held} may={mayManage(ctx.actor)} />
          </>
        }
        lede={
          <>
            {pattern.summary} By {pattern.owner}; to be reviewed by <When at={pattern.review_by} />.
          </>
        }
      />
      {pattern.inForce ? (
        <LibraryStanding held={held} />
      ) : inForce ? (
        <Notice tone="care">
          This is {editionName(pattern).toLowerCase()}. <Link href={href({})}>{editionName(inForce)}</Link> is in force.
        </Notice>
      ) : null}
      <Contents
        entries={[
          ...outline(text).filter((h) => h.depth === 2),
          { id: "objectives", text: "Objectives" },
          ...(pattern.satisfies.length > 0 ? [{ id: "readiness", text: "Readiness items it answers" }] : []),
          { id: "conformance", text: "Conformance" },
          ...(pattern.related.length > 0 ? [{ id: "related", text: "Related patterns and guidance" }] : []),
          { id: "adopters", text: "Models that follow it" },
        ]}
      />
      <div className="text">
        <Markdown source={text} base={2} anchors />
      </div>
      <Section title="Objectives" id="objectives">
        <KeyValues items={pattern.slos.map((s) => ({ key: s.name, value: `${s.objective}, ${s.window}` }))} />
      </Section>
      {pattern.satisfies.length > 0 ? (
        <Section title="Readiness items it answers" note="where it is followed without deviation" id="readiness">
          <Table
            label="Readiness items that this pattern answers"
            columns={[
              { id: "item", name: "Item", width: 72 },
              { id: "title", name: "It asks for" },
              { id: "how", name: "Answered by" },
            ]}
            rows={pattern.satisfies.map((s) => ({
              id: s.item,
              cells: { item: <code>{s.item}</code>, title: s.title ?? "an item of a former checklist", how: s.how },
              card: (
                <>
                  <code>{s.item}</code> {s.title}
                  <div className="lbl">{s.how}</div>
                </>
              ),
            }))}
          />
        </Section>
      ) : null}
      <Section title="Conformance" note="over the facts that connected systems report" id="conformance">
        <ul className="checks">
          {pattern.checks.map((c) => (
            <li key={c.id}>
              {c.title}
              {c.item ? (
                <span className="lbl">
                  {" "}
                  for <code>{c.item}</code>
                </span>
              ) : null}
              {c.check ? <code className="cel">{c.check}</code> : <span className="lbl">A person attests it.</span>}
            </li>
          ))}
        </ul>
      </Section>
      {pattern.related.length > 0 ? (
        <Section title="Related patterns and guidance" id="related">
          <ul className="rel">
            {pattern.related.map((r) => (
              <li key={r.id}>
                <Link href={`/patterns/${r.id}`}>{r.title}</Link>: {r.why}
              </li>
            ))}
            {pattern.guides.map((g) => (
              <li key={g.id}>
                <Link href={`/guidance/${g.id}`}>{g.title}</Link>, {g.kind}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="Models that follow it" note={`${pattern.adoption.adopted} now`} id="adopters">
        <Table
          label="Models that follow this pattern"
          empty={<Empty title="No model follows it yet." />}
          columns={[
            { id: "model", name: "Model" },
            { id: "tier", name: "Tier" },
            { id: "unit", name: "Business unit" },
            { id: "owner", name: "Owner" },
            { id: "version", name: "Version", num: true },
            { id: "conformance", name: "Conformance" },
            { id: "dev", name: "Deviations" },
            { id: "since", name: "Since" },
          ]}
          rows={adopters.items.map((row) => ({
            id: row.model,
            cells: {
              model: <Link href={`/models/${encodeURIComponent(row.model)}`}>{row.model}</Link>,
              tier: <TierChip tier={row.tier} />,
              unit: row.unit ?? <span className="mut">none</span>,
              owner: row.ownerName ?? <span className="mut">nobody</span>,
              version: row.version,
              conformance: <Conforms of={conforms.get(row.model)} />,
              dev: row.deviations || <span className="mut">none</span>,
              since: <When at={row.adoptedAt} />,
            },
            card: (
              <>
                <Link href={`/models/${encodeURIComponent(row.model)}`}>{row.model}</Link> <TierChip tier={row.tier} />
                <div className="lbl">
                  version {row.version}, {row.unit ?? "no unit"} <Conforms of={conforms.get(row.model)} />
                </div>
              </>
            ),
          }))}
        />
        {adopters.next || after ? (
          <Pager
            shown={adopters.items.length}
            total={pattern.adoption.adopted}
            noun="model"
            next={adopters.next ? `${href({ after: adopters.next })}#adopters` : null}
            start={after ? `${href({})}#adopters` : null}
          />
        ) : null}
      </Section>
      {useCases.items.length > 0 ? (
        <Section title="Use cases that follow it" note={`${pattern.adoption.useCases} now`} id="use-cases">
          <Table
            label="Use cases that follow this pattern"
            columns={[
              { id: "name", name: "Use case" },
              { id: "unit", name: "Business unit" },
              { id: "owner", name: "Owner" },
              { id: "version", name: "Version", num: true },
              { id: "dev", name: "Deviations" },
              { id: "since", name: "Since" },
            ]}
            rows={useCases.items.map((row) => ({
              id: row.ref,
              cells: {
                name: <Link href={`/portfolio/use-cases/${row.ref}/pattern`}>{row.name}</Link>,
                unit: row.unit,
                owner: row.ownerName ?? <span className="mut">nobody</span>,
                version: row.version,
                dev: row.deviations || <span className="mut">none</span>,
                since: <When at={row.adoptedAt} />,
              },
              card: (
                <>
                  <Link href={`/portfolio/use-cases/${row.ref}/pattern`}>{row.name}</Link>
                  <div className="lbl">
                    version {row.version}, {row.unit}
                  </div>
                </>
              ),
            }))}
          />
          {useCases.next ? (
            <p className="lbl">
              The first {useCases.items.length}.{" "}
              <Link href={`/patterns/adoption?of=use_case&pattern=${id}#models`}>All of them</Link>
            </p>
          ) : null}
        </Section>
      ) : null}
      <ForgetSentDrafts />
    </Page>
  );
}
