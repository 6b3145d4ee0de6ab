import { RecordEditor } from "@/components/decisions/editor";
import { Page, PageHead } from "@/components/ui/page";
import { Segmented } from "@/components/ui/tabs";
import { withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayWrite } from "@/lib/decisions/decision";
import { templates } from "@/lib/decisions/templates";
import { propose } from "../actions";

export const metadata = { title: "New decision" };

export default async function NewDecisionPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string; pattern?: string; template?: string }>;
}) {
  const ctx = await pageContext();
  const params = await searchParams;
  const { model = "", pattern = "" } = params;
  const template = templates.find((one) => one.id === params.template) ?? templates[0];
  if (!template) throw new Error("there is no template");
  const may = mayWrite(ctx.actor, null);
  return (
    <Page name="record">
      <PageHead
        title="New decision"
        lede="Write down what was decided and why, while the reasons are fresh. It is proposed until someone else accepts it."
      />
      {may.ok ? (
        <>
          <Segmented
            label="Template"
            items={templates.map((one) => ({
              href: withParams("/decisions/new", params, { template: one.id }),
              name: one.name,
              on: one === template,
            }))}
          />
          <RecordEditor
            key={template.id}
            draft={`${ctx.actor.id}:new:${template.id}`}
            action={propose}
            content={template.content}
            submit="Propose"
            about={{ model: String(model), pattern: String(pattern) }}
          />
        </>
      ) : (
        <WhyButton label="Propose" reason={may.reason} />
      )}
    </Page>
  );
}
