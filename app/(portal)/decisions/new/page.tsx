import { RecordEditor } from "@/components/decisions/editor";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayWrite, template } from "@/lib/decisions/decision";
import { propose } from "../actions";

export const metadata = { title: "New decision" };

export default async function NewDecisionPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string; pattern?: string }>;
}) {
  const ctx = await pageContext();
  const { model = "", pattern = "" } = await searchParams;
  const may = mayWrite(ctx.actor, null);
  return (
    <Page name="record">
      <PageHead
        title="New decision"
        lede="Write down what was decided and why, while the reasons are fresh. It is proposed until someone else accepts it."
      />
      {may.ok ? (
        <RecordEditor
          action={propose}
          content={template}
          submit="Propose"
          about={{ model: String(model), pattern: String(pattern) }}
        />
      ) : (
        <WhyButton label="Propose" reason={may.reason} />
      )}
    </Page>
  );
}
