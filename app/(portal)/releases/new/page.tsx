import { GatePanel } from "@/components/releases/gate-panel";
import { ActionForm } from "@/components/ui/action-form";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { explainGate } from "@/lib/releases/queries";
import { mayRequest } from "@/lib/releases/release";
import { request } from "../actions";

export const metadata = { title: "Request a release" };

type Search = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? "";

export default async function NewRelease({ searchParams }: { searchParams: Promise<Search> }) {
  const ctx = await pageContext();
  const search = await searchParams;
  const [model, version] = [one(search.model).slice(0, 200), one(search.version).slice(0, 100)];
  const environment = one(search.environment) === "staging" ? "staging" : "prod";
  const may = mayRequest(ctx.actor, { businessUnitId: null });
  const preview = model && version ? await explainGate(ctx, { model, version, environment }) : null;
  return (
    <Page name="release">
      <PageHead
        title="Request a release"
        lede="A request names one version and one environment. It pins every digest that approvers will sign: the artefact, readiness, the board's decision, the decision record, the architecture and the policy."
      />
      <div style={{ maxWidth: 560, marginTop: 20 }}>
        {may.ok ? (
          <ActionForm action={request} submit="Request the release" guard>
            <TextField
              name="model"
              label="Model"
              defaultValue={model}
              maxLength={200}
              hint="Its name in the inventory."
            />
            <TextField name="version" label="Version" mono defaultValue={version} maxLength={100} />
            <SelectField
              name="environment"
              label="Environment"
              defaultValue={environment}
              options={[
                { value: "prod", label: "Production" },
                { value: "staging", label: "Staging" },
              ]}
            />
            <TextArea
              name="note"
              label="Note for the approvers"
              optional
              maxLength={2000}
              hint="What changed, rollout, when to stop."
            />
          </ActionForm>
        ) : (
          <WhyButton label="Request the release" reason={may.reason} />
        )}
      </div>
      {preview ? (
        <GatePanel
          {...preview}
          broken={preview.breakGlass}
          here="/releases/new"
          answered={`${model} ${version}, as of now`}
        />
      ) : null}
    </Page>
  );
}
