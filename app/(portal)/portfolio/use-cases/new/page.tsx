import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { UseCaseFields } from "@/components/use-cases/use-case-fields";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { mayRegister } from "@/lib/models/model";
import { registerUseCaseAction } from "../actions";

export const metadata: Metadata = { title: "Register a use case" };

export default async function NewUseCasePage() {
  const ctx = await pageContext();
  const { units, people } = await modelFacets(ctx, {});
  const verdict = mayRegister(ctx.actor, null);
  return (
    <Page>
      <PageHead title="Register a use case" lede="What a model would be for, before there is one." />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <ActionForm action={registerUseCaseAction} submit="Register" guard label="Register a use case">
            <UseCaseFields units={units} people={people} />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Register" reason={verdict.reason} />
      )}
    </Page>
  );
}
