import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { UseCaseFields } from "@/components/use-cases/use-case-fields";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { useCaseGet } from "@/lib/use-cases/queries";
import { mayEditUseCase } from "@/lib/use-cases/use-case";
import { orNotFound } from "../../../../not-found-if";
import { editUseCaseAction } from "../../actions";

export const metadata: Metadata = { title: "Edit a use case" };

export default async function EditUseCasePage({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  const ctx = await pageContext();
  const [useCase, { units, people }] = await Promise.all([
    orNotFound(useCaseGet, ctx, { useCase: decodeURIComponent(ref) }),
    modelFacets(ctx, {}),
  ]);
  const verdict = mayEditUseCase(ctx.actor, useCase);
  return (
    <Page>
      <PageHead title={`Edit ${useCase.name}`} lede={`${useCase.ref} of ${useCase.unitName}.`} />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm
            action={editUseCaseAction}
            submit="Save"
            guard
            keep
            hidden={{ useCase: useCase.ref, "revision:number": String(useCase.revision) }}
            label={`Edit ${useCase.name}`}
          >
            <UseCaseFields units={units} people={people} useCase={useCase} />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Save" reason={verdict.reason} />
      )}
    </Page>
  );
}
