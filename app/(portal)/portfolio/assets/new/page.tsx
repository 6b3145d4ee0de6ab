import type { Metadata } from "next";
import { AssetFields } from "@/components/assets/asset-fields";
import { ActionForm } from "@/components/ui/action-form";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { mayRegister } from "@/lib/models/model";
import { registerAssetAction } from "../actions";

export const metadata: Metadata = { title: "Register an asset" };

export default async function NewAssetPage() {
  const ctx = await pageContext();
  const { units, people } = await modelFacets(ctx, {});
  const verdict = mayRegister(ctx.actor, null);
  return (
    <Page>
      <PageHead title="Register an asset" lede="A dataset, feature or pipeline that models are made from." />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm action={registerAssetAction} submit="Register" guard label="Register an asset">
            <AssetFields units={units} people={people} />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Register" reason={verdict.reason} />
      )}
    </Page>
  );
}
