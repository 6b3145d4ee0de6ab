import type { Metadata } from "next";
import { Requirements } from "@/components/patterns/conforms";
import { Deviations, Pinned } from "@/components/patterns/followed";
import { Missed } from "@/components/patterns/missed";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { conformanceOfUseCase } from "@/lib/patterns/conformance";
import { mayAdopt } from "@/lib/patterns/pattern";
import { patternOfUseCase } from "@/lib/patterns/reads";
import { orNotFound } from "../../../../not-found-if";
import { decide, end, record } from "./actions";

export const metadata: Metadata = { title: "Reference architecture of a use case" };

export default async function UseCasePatternPage({ params }: { params: Promise<{ ref: string }> }) {
  const useCase = decodeURIComponent((await params).ref);
  const ctx = await pageContext();
  const [{ adoption, deviations, gaps, requirements, subject }, { conformance, models }] = await Promise.all([
    orNotFound(patternOfUseCase, ctx, { useCase }),
    orNotFound(conformanceOfUseCase, ctx, { useCase }),
  ]);
  const { ref } = subject;
  return (
    <Page name="pattern">
      <PageHead
        title={adoption ? (adoption.title ?? adoption.patternId) : "No reference architecture"}
        lede={
          <>
            What models of <Link href={`/portfolio/use-cases/${ref}`}>{subject.name}</Link> are to be built after, and
            where the use case departs.
          </>
        }
        actions={
          <ButtonLink href={adoption ? `/patterns/${adoption.patternId}?useCase=${ref}` : `/patterns?useCase=${ref}`}>
            {adoption ? "Read the pattern" : "Choose one"}
          </ButtonLink>
        }
      />
      {adoption ? (
        <Pinned adoption={adoption} />
      ) : (
        <Empty
          title="It follows none yet"
          action={<ButtonLink href={`/patterns/gaps?useCase=${ref}`}>Say that none fits</ButtonLink>}
        >
          Choose one of the library: the models that serve it are measured by its requirements.
        </Empty>
      )}
      {conformance && conformance.requirements.length > 0 ? (
        <Requirements conformance={conformance} />
      ) : adoption && models === 0 ? (
        <Section title="Conformance">
          <p className="mut">No model that you may see serves it, so nothing is measured yet.</p>
        </Section>
      ) : null}
      {adoption ? (
        <Deviations
          deviations={deviations}
          requirements={requirements}
          may={mayAdopt(ctx.actor, subject)}
          of={{ useCase: ref }}
          actions={{ record, decide, end }}
        />
      ) : null}
      <Missed gaps={gaps} />
    </Page>
  );
}
