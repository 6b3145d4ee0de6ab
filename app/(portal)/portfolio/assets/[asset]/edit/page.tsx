import type { Metadata } from "next";
import { AssetFields } from "@/components/assets/asset-fields";
import { ActionForm } from "@/components/ui/action-form";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { mayEditAsset } from "@/lib/assets/asset";
import { assetGet } from "@/lib/assets/queries";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { orNotFound } from "../../../../not-found-if";
import { editAssetAction } from "../../actions";

export const metadata: Metadata = { title: "Edit an asset" };

export default async function EditAssetPage({ params }: { params: Promise<{ asset: string }> }) {
  const ctx = await pageContext();
  const [asset, { units, people }] = await Promise.all([
    orNotFound(assetGet, ctx, { asset: (await params).asset }),
    modelFacets(ctx, {}),
  ]);
  const verdict = mayEditAsset(ctx.actor, asset);
  const hidden = { asset: asset.id, "revision:number": String(asset.revision) };
  const retired = asset.retiredAt !== null;
  return (
    <Page>
      <PageHead title={`Edit ${asset.name}`} />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm action={editAssetAction} submit="Save" guard keep hidden={hidden} label={`Edit ${asset.name}`}>
            <AssetFields units={units} people={people} asset={asset} />
          </ActionForm>
          <ActionForm
            action={editAssetAction}
            submit={retired ? "Bring back" : "Retire"}
            tone="outlined"
            hidden={{ ...hidden, "retired:boolean": String(!retired) }}
            label={retired ? "Bring back" : "Retire"}
          />
        </div>
      ) : (
        <WhyButton label="Save" reason={verdict.reason} />
      )}
    </Page>
  );
}
