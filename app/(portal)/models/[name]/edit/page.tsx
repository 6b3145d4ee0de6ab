import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { DateField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { Page, PageHead, Section } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import {
  kindName,
  mayChangeStage,
  mayEdit,
  modelKinds,
  platformName,
  platforms,
  servingName,
  servingTypes,
  stageAfter,
  stageName,
} from "@/lib/models/model";
import { orNotFound } from "@/lib/models/or-not-found";
import { modelGet } from "@/lib/models/queries";
import { teamList } from "@/lib/teams/queries";
import { editAction, endOfLifeAction, stageAction } from "../../actions";

export const metadata: Metadata = { title: "Edit a model" };

export default async function EditModelPage({ params }: { params: Promise<{ name: string }> }) {
  const name = decodeURIComponent((await params).name);
  const ctx = await pageContext();
  const [model, facets, teams] = await Promise.all([
    orNotFound(modelGet(ctx, { name })),
    modelFacets(ctx, {}),
    teamList(ctx, {}),
  ]);
  const subject = { ...model, ownerName: model.owner?.name ?? null };
  const edit = mayEdit(ctx.actor, subject);
  const stage = mayChangeStage(ctx.actor, subject);
  const steps = stageAfter[model.stage];
  const own = { name: model.name };
  return (
    <Page>
      <PageHead
        title={`Edit ${model.name}`}
        lede={
          model.source
            ? `${model.source.name} says what versions there are; what a model is for, and what becomes of it, people say here.`
            : "What a model is for, and what becomes of it."
        }
      />
      <div style={{ maxWidth: 640 }}>
        <Section title="What it is">
          {edit.ok ? (
            <ActionForm
              action={editAction}
              submit="Save"
              guard
              keep
              hidden={{ ...own, "revision:number": String(model.revision) }}
              label={`Edit ${model.name}`}
            >
              <TextArea
                name="description:text"
                label="Description"
                voice="record"
                optional
                hint="What it decides or predicts, for whom."
                maxLength={4000}
                defaultValue={model.description}
              />
              <SelectField
                name="kind"
                label="Kind"
                optional={model.kind === null}
                defaultValue={model.kind ?? ""}
                options={modelKinds.map((value) => ({ value, label: kindName[value] }))}
              />
              <TextField name="method:text" label="Method" optional maxLength={80} defaultValue={model.method} />
              <SelectField
                name="servingType"
                label="Serving"
                optional={model.servingType === null}
                defaultValue={model.servingType ?? ""}
                options={servingTypes.map((value) => ({ value, label: servingName[value] }))}
              />
              <SelectField
                name="platform"
                label="Platform"
                defaultValue={model.platform}
                options={platforms.map((value) => ({ value, label: platformName[value] }))}
              />
              <SelectField
                name="team:text"
                label="Team"
                optional
                blank="None"
                defaultValue={model.team}
                options={[
                  ...teams.items.map((t) => ({ value: t.name, label: `${t.name}, ${t.unitName}` })),
                  ...(model.team && !teams.items.some((t) => t.name === model.team)
                    ? [{ value: model.team, label: model.team }]
                    : []),
                ]}
              />
              <SelectField
                name="useCase:null"
                label="Main use case"
                optional
                blank="None"
                hint="Where its value is counted. Further ones are named on the use case's page."
                defaultValue={model.useCase?.ref ?? ""}
                options={facets.useCases.map((c) => ({ value: c.ref, label: `${c.name} (${c.ref})` }))}
              />
              <TextField
                name="sourceUrl:null"
                label="Source address"
                optional
                type="url"
                maxLength={2000}
                defaultValue={model.sourceUrl ?? ""}
              />
            </ActionForm>
          ) : (
            <WhyButton label="Save" reason={edit.reason} />
          )}
        </Section>
        <Section title="Stage" note={`Now ${stageName[model.stage]}`}>
          {stage.ok && steps.length > 0 ? (
            <ActionForm
              action={stageAction}
              submit="Change stage"
              tone="outlined"
              hidden={own}
              label="Change the stage"
            >
              <SelectField
                name="to"
                label="To"
                hint="A model retires when nothing of it serves, no release is open, and no other model waits for it."
                options={steps.map((value) => ({ value, label: stageName[value] }))}
              />
              <TextArea name="reason" label="Reason" voice="record" optional maxLength={1000} />
            </ActionForm>
          ) : (
            <WhyButton label="Change stage" reason={stage.ok ? "There is no step from here." : stage.reason} />
          )}
        </Section>
        <Section title="End of life">
          {stage.ok ? (
            <ActionForm
              action={endOfLifeAction}
              submit="Record the plan"
              tone="outlined"
              keep
              hidden={own}
              label="Plan the end of life"
            >
              <DateField
                name="date:null"
                label="Ends on"
                optional
                hint="Left open: no end is planned."
                defaultValue={model.endOfLife ?? ""}
              />
              <TextField
                name="successor"
                label="Successor"
                optional
                mono
                hint="The model that takes its place."
                maxLength={400}
                defaultValue={model.successor ?? ""}
              />
              <TextArea
                name="reason"
                label="Reason"
                voice="record"
                optional
                maxLength={2000}
                defaultValue={model.endReason}
              />
              <DateField
                name="consumersToldOn"
                label="Those who rely on it were told on"
                optional
                defaultValue={model.consumersToldOn ?? ""}
              />
            </ActionForm>
          ) : (
            <WhyButton label="Record the plan" reason={stage.reason} />
          )}
        </Section>
      </div>
    </Page>
  );
}
