import type { Metadata } from "next";
import { modelHref } from "@/components/models/model-href";
import { Requirements } from "@/components/patterns/conforms";
import { Deviations, Pinned } from "@/components/patterns/followed";
import { Missed } from "@/components/patterns/missed";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { modelConformance } from "@/lib/patterns/conformance";
import { mayAdopt } from "@/lib/patterns/pattern";
import { modelPattern } from "@/lib/patterns/reads";
import { orNotFound } from "../../../not-found-if";
import { decide, end, record } from "./actions";

export const metadata: Metadata = { title: "Reference architecture of a model" };

export default async function ModelPatternPage({ params }: { params: Promise<{ name: string }> }) {
  const name = decodeURIComponent((await params).name);
  const ctx = await pageContext();
  const [followed, { conformance }] = await Promise.all([
    orNotFound(modelPattern, ctx, { name }),
    orNotFound(modelConformance, ctx, { name }),
  ]);
  const { adoption, deviations, gaps } = followed;
  const model = encodeURIComponent(followed.model);
  return (
    <Page name="pattern">
      <PageHead
        title={adoption ? (adoption.title ?? adoption.patternId) : "No reference architecture"}
        lede={
          <>
            What <Link href={modelHref(followed.model)}>{followed.model}</Link> is built after, and where it departs.
          </>
        }
        actions={
          <ButtonLink href={adoption ? `/patterns/${adoption.patternId}?model=${model}` : `/patterns?model=${model}`}>
            {adoption ? "Read the pattern" : "Choose one"}
          </ButtonLink>
        }
      />
      {adoption ? (
        <Pinned adoption={adoption} />
      ) : (
        <Empty
          title="It follows none yet"
          action={<ButtonLink href={`/patterns/gaps?model=${model}`}>Say that none fits</ButtonLink>}
        >
          Choose one of the library, or say what is missing: that is how the library grows.
        </Empty>
      )}
      {conformance && conformance.requirements.length > 0 ? <Requirements conformance={conformance} /> : null}
      {adoption ? (
        <Deviations
          deviations={deviations}
          requirements={followed.requirements}
          may={mayAdopt(ctx.actor, followed.subject)}
          of={{ name: followed.model }}
          actions={{ record, decide, end }}
        />
      ) : null}
      <Missed gaps={gaps} />
    </Page>
  );
}
