import type { Metadata } from "next";
import { ModelFields } from "@/components/models/model-fields";
import { ActionForm } from "@/components/ui/action-form";
import { TextField } from "@/components/ui/field";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { mayClaim } from "@/lib/models/model";
import { orNotFound } from "@/lib/models/or-not-found";
import { modelGet } from "@/lib/models/queries";
import { claimAction } from "../../actions";

export const metadata: Metadata = { title: "Claim" };

export default async function ClaimPage({ params }: { params: Promise<{ name: string }> }) {
  const name = decodeURIComponent((await params).name);
  const ctx = await pageContext();
  const [model, facets] = await Promise.all([orNotFound(modelGet(ctx, { name })), modelFacets(ctx, {})]);
  const verdict = mayClaim(ctx.actor, { ...model, ownerName: model.owner?.name ?? null });
  const taken = model.ownerId !== null;
  return (
    <Page>
      <PageHead
        title={`${taken ? "Hand over" : "Claim"} ${model.name}`}
        lede={
          taken
            ? `${model.owner?.name ?? "Its owner"} answers for this model now. Whoever you name does so from then on.`
            : "Whoever claims a model answers for its risk questions, its readiness and its releases."
        }
      />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm
            action={claimAction}
            submit={taken ? "Hand over" : "Claim"}
            guard
            hidden={{ name: model.name }}
            label={`Claim ${model.name}`}
          >
            <ModelFields
              facets={facets}
              ownerHint="Left open: you."
              model={{
                unit: model.unit?.slug ?? null,
                kind: model.kind,
                serving: model.servingType,
                useCase: model.useCase?.ref ?? null,
                backup: model.backup?.email ?? null,
              }}
            />
            <TextField name="team" label="Team" optional maxLength={120} defaultValue={model.team} />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label={taken ? "Hand over" : "Claim"} reason={verdict.reason} />
      )}
    </Page>
  );
}
