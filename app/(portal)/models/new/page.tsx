import type { Metadata } from "next";
import { ModelFields } from "@/components/models/model-fields";
import { ActionForm } from "@/components/ui/action-form";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { mayRegister, platformName, platforms, stageName, stages } from "@/lib/models/model";
import { registerAction } from "../actions";

export const metadata: Metadata = { title: "Register a model" };

export default async function NewModelPage() {
  const ctx = await pageContext();
  const facets = await modelFacets(ctx, {});
  const verdict = mayRegister(ctx.actor, null);
  return (
    <Page>
      <PageHead
        title="Register a model"
        lede="For models that no connected registry holds. Those in a registry come by themselves."
      />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm action={registerAction} submit="Register" guard label="Register a model">
            <TextField
              name="name"
              label="Name"
              mono
              hint="Letters, digits, dot, dash and underscore. It does not change later."
              maxLength={120}
              autoComplete="off"
            />
            <TextArea
              name="description"
              label="Description"
              voice="record"
              hint="What it decides or predicts, for whom."
              optional
              maxLength={4000}
            />
            <TextArea
              name="distinctBecause"
              label="Why it is another model"
              voice="record"
              hint="Only when its name is like that of a model in the inventory: the answer to the form names them."
              optional
              rows={2}
              maxLength={1000}
            />
            <ModelFields facets={facets} ownerHint="Who answers for the model." />
            <TextField name="method" label="Method" optional hint="For example gradient boosting." maxLength={80} />
            <SelectField
              name="platform"
              label="Platform"
              options={platforms.map((value) => ({ value, label: platformName[value] }))}
            />
            <SelectField
              name="stage"
              label="Stage"
              defaultValue="development"
              options={stages.filter((s) => s !== "unclaimed").map((value) => ({ value, label: stageName[value] }))}
            />
            <TextField name="team" label="Team" optional maxLength={120} />
            <TextField
              name="sourceUrl"
              label="Source address"
              optional
              hint="Repository or registry page."
              maxLength={2000}
              type="url"
            />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Register" reason={verdict.reason} />
      )}
    </Page>
  );
}
