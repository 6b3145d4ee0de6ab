import { RecordEditor } from "@/components/decisions/editor";
import { Page, PageHead } from "@/components/ui/page";
import { Segmented } from "@/components/ui/tabs";
import { withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { mayWrite } from "@/lib/decisions/decision";
import { templates } from "@/lib/decisions/templates";
import { getReview } from "@/lib/reviews/queries";
import { recordDraft } from "@/lib/reviews/record-draft";
import { orNotFound } from "../../not-found-if";
import { propose } from "../actions";

export const metadata = { title: "New decision" };

export default async function NewDecisionPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string; pattern?: string; template?: string; review?: string }>;
}) {
  const ctx = await pageContext();
  const params = await searchParams;
  const { model = "", pattern = "" } = params;
  const template = templates.find((one) => one.id === params.template) ?? templates[0];
  if (!template) throw new Error("there is no template");
  const begun = params.review ? await fromReview(ctx, params.review) : null;
  const may = mayWrite(ctx.actor, null);
  return (
    <Page name="record">
      <PageHead
        title="New decision"
        lede={
          begun
            ? `Begun from ${begun.ref}: its submission, the board's reasons and conditions. Read it through, finish it, and propose it.`
            : "Write down what was decided and why, while the reasons are fresh. It is proposed until someone else accepts it."
        }
      />
      {may.ok ? (
        <>
          {begun ? null : (
            <Segmented
              label="Template"
              items={templates.map((one) => ({
                href: withParams("/decisions/new", params, { template: one.id }),
                name: one.name,
                on: one === template,
              }))}
            />
          )}
          <RecordEditor
            key={begun?.ref ?? template.id}
            draft={`${ctx.actor.id}:new:${begun?.ref ?? template.id}`}
            action={propose}
            content={begun?.content ?? template.content}
            submit="Propose"
            about={{ model: begun?.model ?? String(model), pattern: String(pattern) }}
          />
        </>
      ) : (
        <WhyButton label="Propose" reason={may.reason} />
      )}
    </Page>
  );
}

/** A record begun from what the board decided; null where it has decided nothing yet. */
async function fromReview(ctx: Ctx, ref: string) {
  const review = await orNotFound(getReview, ctx, { ref });
  const [latest] = review.decisions;
  if (!latest) return null;
  const deciders = new Set([...review.votes.map((v) => v.name), ...(latest.decider ? [latest.decider] : [])]);
  const content = recordDraft({ ...review, decision: { ...latest, deciders: [...deciders] } });
  return { ref: review.ref, model: review.model.name, content };
}
