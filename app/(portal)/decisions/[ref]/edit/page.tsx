import { redirect } from "next/navigation";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { RecordEditor } from "@/components/decisions/editor";
import { Page, PageHead } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { mayRevise } from "@/lib/decisions/decision";
import { getAdr } from "@/lib/decisions/queries";
import { revise } from "../../actions";

export default async function EditDecisionPage({ params }: { params: Promise<{ ref: string }> }) {
  const ctx = await pageContext();
  const { ref } = await params;
  const adr = await orNotFound(getAdr, ctx, { ref });
  // The button on the record says why not; whoever types the address is led back to it.
  if (!mayRevise(ctx.actor, adr.subject).ok) redirect(`/decisions/${adr.ref}`);
  return (
    <Page name="record">
      <PageHead
        title={adr.title}
        lede={`${adr.ref}, revision ${adr.revision}. Saving makes revision ${adr.revision + 1}.`}
      />
      <RecordEditor
        draft={`${ctx.actor.id}:${adr.ref}:${adr.revision}`}
        action={revise}
        content={adr.shown.content}
        submit="Save revision"
        hidden={{ ref: adr.ref, "basedOn:number": String(adr.revision) }}
      />
    </Page>
  );
}
