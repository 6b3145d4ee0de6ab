import type { Metadata } from "next";
import { HistoryPanel } from "@/components/log/history";
import { modelHref } from "@/components/models/model-href";
import { ActionForm } from "@/components/ui/action-form";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { assetKindName, dataClassName, mayEditAsset } from "@/lib/assets/asset";
import { assetGet } from "@/lib/assets/queries";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { logList } from "@/lib/log/queries";
import { platformName } from "@/lib/models/model";
import { orNotFound } from "../../../not-found-if";
import { linkAssetAction, unlinkAssetAction } from "../actions";

export const metadata: Metadata = { title: "Asset" };

type Props = { params: Promise<{ asset: string }>; searchParams: Promise<Params> };

export default async function AssetPage({ params, searchParams }: Props) {
  const query = await searchParams;
  const ctx = await pageContext(query);
  const { asOf } = ctx;
  const asset = await orNotFound(assetGet, ctx, { asset: (await params).asset });
  const log = await logList(ctx, { subject: asset.id, limit: 14 });
  const may = unlessPast(ctx, mayEditAsset(ctx.actor, asset));
  const path = `/portfolio/assets/${asset.id}`;
  return (
    <Page name="model" aside={<HistoryPanel entries={log.entries} all={`/log?subject=${asset.id}`} />}>
      <AsOfBar path={path} params={query} at={asOf} />
      <PageHead
        title={<span className="mono">{asset.name}</span>}
        state={
          asset.retiredAt ? (
            <Status state="retired" tag word="Retired" />
          ) : (
            <span className="tag">{assetKindName[asset.kind]}</span>
          )
        }
        lede={asset.description || "Nobody has described it yet."}
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
          <dt className="lbl">Data class</dt>
          <dd className="v">{asset.dataClass ? dataClassName[asset.dataClass] : "Not classed"}</dd>
          <dd className="w">{assetKindName[asset.kind]}</dd>
        </div>
        <div>
          <dt className="lbl">Owner</dt>
          <dd className="v">{asset.owner?.name ?? "Nobody"}</dd>
          <dd className="w">{asset.unitName}</dd>
        </div>
        <div>
          <dt className="lbl">Where</dt>
          <dd className="v">{platformName[asset.platform]}</dd>
          <dd className="w mono">{asset.location || "location not said"}</dd>
        </div>
        <div>
          <dt className="lbl">Models</dt>
          <dd className="v">{asset.models}</dd>
          <dd className="w">
            Registered <When at={asset.createdAt} />
          </dd>
        </div>
      </dl>
      <Section title="What is made from it">
        <Table
          label="What is made from it"
          empty={<Empty title="Nothing is made from it yet">Name a model below.</Empty>}
          columns={[
            { id: "model", name: "Model" },
            { id: "version", name: "Version" },
            { id: "snapshot", name: "Snapshot" },
            { id: "since", name: "Said" },
            { id: "act", name: "Action" },
          ]}
          rows={asset.uses.map((u) => ({
            id: `${u.model} ${u.version ?? ""}`,
            cells: {
              model: (
                <Link className="b" href={modelHref(u.model, asOf)}>
                  {u.model}
                </Link>
              ),
              version: u.version ?? <span className="mut">all</span>,
              snapshot: u.assetVersion ? (
                <span className="mono">{u.assetVersion}</span>
              ) : (
                <span className="mut">not said</span>
              ),
              since: <When at={u.since} />,
              act: may.ok ? (
                <ActionForm
                  action={unlinkAssetAction}
                  submit="Take back"
                  tone="ghost"
                  className="bulk-form"
                  label={`Take ${u.model} back`}
                  hidden={{ asset: asset.id, model: u.model, ...(u.version ? { version: u.version } : {}) }}
                />
              ) : null,
            },
          }))}
        />
        {may.ok && !asset.retiredAt ? (
          <ActionForm
            action={linkAssetAction}
            submit="Add"
            tone="outlined"
            className="fields"
            hidden={{ asset: asset.id }}
            label="Say what is made from it"
          >
            <TextField name="model" label="Model" mono maxLength={400} />
            <TextField
              name="version"
              label="Version"
              optional
              hint="Left open: the model as a whole."
              maxLength={120}
            />
            <TextField name="assetVersion" label="Snapshot" optional mono maxLength={200} />
          </ActionForm>
        ) : null}
      </Section>
    </Page>
  );
}
