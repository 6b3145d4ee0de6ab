import { orNotFound } from "@/app/(portal)/not-found-if";
import { Precedents } from "@/components/reviews/precedents";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SearchBox } from "@/components/ui/search-box";
import { TierChip } from "@/components/ui/tier-chip";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { intakeModels, prepareIntake } from "@/lib/reviews/intake";
import { mayDraft } from "@/lib/reviews/rules";
import { begin } from "../actions";

export const metadata = { title: "Ask for a review" };

export default async function NewReviewPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string | string[]; q?: string | string[] }>;
}) {
  const { model, q } = await searchParams;
  if (typeof model === "string" && model) return <Intake model={model} />;
  const ctx = await pageContext();
  const models = await intakeModels(ctx, typeof q === "string" && q ? { q } : {});
  return (
    <Page name="records">
      <PageHead title="Ask for a review" lede="Which model is it about?" />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label="Find a model" />
      </div>
      {models.length === 0 ? (
        <Empty
          title="No model that you can bring before the board"
          action={<ButtonLink href="/models">See the models</ButtonLink>}
        >
          Claim a model first, and answer its risk questions.
        </Empty>
      ) : (
        <ul className="prec">
          {models.map((m) => (
            <li key={m.name} className="row" style={{ padding: "6px 0" }}>
              <TierChip tier={m.tier} />
              <Link href={`/reviews/new?model=${encodeURIComponent(m.name)}`} className="mono">
                {m.name}
              </Link>
              {m.mine ? <span className="lbl">yours</span> : null}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

async function Intake({ model }: { model: string }) {
  const ctx = await pageContext();
  const intake = await orNotFound(prepareIntake, ctx, { model });
  const may = mayDraft(ctx.actor, intake.model);
  const filled = intake.fills.flatMap((f) => [
    [`submission.${f.field}`, f.text],
    [`submission.filled.${f.field}`, f.from],
  ]);
  return (
    <Page name="review">
      <PageHead
        title="Ask for a review"
        state={<TierChip tier={intake.model.tier} provisional={intake.model.tierProvisional} />}
        lede={
          <>
            For <Link href={`/models/${intake.model.name}`}>{intake.model.name}</Link>.{" "}
            {intake.model.tier === null
              ? "Its risk questions are not answered yet; a draft can be begun, not submitted. "
              : ""}
            {intake.adoption
              ? `It follows ${intake.adoption.patternId} version ${intake.adoption.version}.`
              : "It follows no reference architecture yet."}
          </>
        }
      />
      <div style={{ maxWidth: 692, marginTop: 20 }}>
        {may.ok ? (
          <ActionForm
            action={begin}
            submit="Begin the submission"
            size="large"
            hidden={{ model: intake.model.name, ...Object.fromEntries(filled) }}
          >
            <TextField
              name="title"
              label="Title"
              hint="What the board should remember it by."
              maxLength={200}
              placeholder={`${intake.model.name} for …`}
            />
            <SelectField
              name="adr"
              label="Decision record"
              hint="What the architecture decision is. It can be linked later."
              optional
              blank="None yet"
              options={intake.records.map((r) => ({ value: r.ref, label: `${r.ref} ${r.title}` }))}
              defaultValue={intake.records[0]?.ref}
            />
          </ActionForm>
        ) : (
          <WhyButton label="Begin the submission" reason={may.reason} size="large" />
        )}
        <p className="ink2" style={{ marginTop: 12 }}>
          {intake.fills.length > 0
            ? `${intake.fills.length} fields are filled in from ${[...new Set(intake.fills.map((f) => f.from))].join(", ")}. `
            : ""}
          No record yet?{" "}
          <Link href={`/decisions/new?model=${encodeURIComponent(intake.model.name)}`}>Write the decision</Link> first.
        </p>
      </div>
      <Section title="How like cases went">
        <Precedents items={intake.precedents} />
      </Section>
    </Page>
  );
}
