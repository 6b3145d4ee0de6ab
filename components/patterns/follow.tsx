import { ActionForm } from "@/components/ui/action-form";
import { TextArea, TextField } from "@/components/ui/field";
import type { FormState } from "@/lib/http/form-action";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

/** The two ways to follow the text that is shown: with a model, or with a use case. */
export function FollowForms({
  pattern,
  model,
  useCase,
  withModel,
  withUseCase,
}: {
  pattern: { id: string; version: number; digest: string };
  model: string | undefined;
  useCase: string | undefined;
  withModel: Action;
  withUseCase: Action;
}) {
  return (
    <>
      <div className="h">
        <h2>Follow this pattern</h2>
      </div>
      <ActionForm
        action={withModel}
        submit={`Follow version ${pattern.version}`}
        label="Follow this pattern with a model"
        hidden={{ pattern: pattern.id, digest: pattern.digest }}
        guard
      >
        <TextField name="name" label="Model" hint="Its name in the inventory." defaultValue={model} maxLength={250} />
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
      <details open={useCase !== undefined} style={{ marginTop: 12 }}>
        <summary>With a use case</summary>
        <ActionForm
          action={withUseCase}
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
    </>
  );
}
