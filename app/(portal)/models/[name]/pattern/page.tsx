import type { Metadata } from "next";
import Link from "next/link";
import { modelHref } from "@/components/models/model-row";
import { Requirements } from "@/components/patterns/conforms";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { gapStateName } from "@/lib/patterns/adoption";
import { modelConformance } from "@/lib/patterns/conformance";
import { mayAdopt } from "@/lib/patterns/pattern";
import { modelPattern } from "@/lib/patterns/reads";
import { orNotFound } from "../../../not-found-if";
import { decide, end, record } from "./actions";

export const metadata: Metadata = { title: "Reference architecture of a model" };

type Followed = Awaited<ReturnType<typeof modelPattern>>;

export default async function ModelPatternPage({ params }: { params: Promise<{ name: string }> }) {
  const name = decodeURIComponent((await params).name);
  const ctx = await pageContext();
  const [followed, { conformance }] = await Promise.all([
    orNotFound(modelPattern, ctx, { name }),
    orNotFound(modelConformance, ctx, { name }),
  ]);
  const { adoption, deviations, gaps } = followed;
  const may = mayAdopt(ctx.actor, followed.subject);
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
        <Section title="Deviations" note="A deviation is open until an accepted decision allows it.">
          {deviations.length === 0 ? <p className="mut">None is recorded: it claims full conformance.</p> : null}
          {deviations.map((d) => (
            <Deviation key={d.id} deviation={d} model={followed.model} may={may} />
          ))}
          {may.ok ? <Record followed={followed} /> : <WhyButton label="Record a deviation" reason={may.reason} />}
        </Section>
      ) : null}
      {gaps.length > 0 ? (
        <Section title="What was missing">
          <ul className="vs">
            {gaps.map((gap) => (
              <li key={gap.id}>
                <Status
                  state={gap.state === "open" ? "open" : gap.state === "planned" ? "answered" : "closed"}
                  word={gapStateName[gap.state]}
                />{" "}
                {gap.missing}{" "}
                <span className="lbl">
                  {gap.saidBy}, <When at={gap.saidAt} />
                </span>
                {gap.answer ? <p className="ink2">{gap.answer}</p> : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </Page>
  );
}

function Pinned({ adoption }: { adoption: NonNullable<Followed["adoption"]> }) {
  const { behind } = adoption;
  return (
    <KeyValues
      items={[
        { key: "Pinned", value: `version ${adoption.version}` },
        { key: "Digest", value: <Digest value={`sha256:${adoption.digest}`} /> },
        { key: "Since", value: <When at={adoption.adoptedAt} /> },
        {
          key: "Drift",
          value:
            behind === null ? (
              <Status state="unknown" word="The pinned text is not in this portal" />
            ) : behind === 0 ? (
              <Status state="pass" word="On the version in force" />
            ) : (
              <Status state="stale" word={`${behind} ${behind === 1 ? "version" : "versions"} behind`} />
            ),
        },
      ]}
    />
  );
}

function Deviation({
  deviation: d,
  model,
  may,
}: {
  deviation: Followed["deviations"][number];
  model: string;
  may: ReturnType<typeof mayAdopt>;
}) {
  const what = d.title ?? "the pattern as a whole";
  return (
    <article className="pt whole">
      <div>
        <div className="row w">
          <h3>{d.title ?? "No requirement named"}</h3>
          <span className="sp" />
          {d.open ? <Status state="open" word="Open deviation" /> : <Status state="accepted" word="Decided" />}
        </div>
        <p>{d.why}</p>
        <p className="lbl">
          {d.recordedBy ?? "unknown"}, <When at={d.recordedAt} />.{" "}
          {d.adr ? (
            <>
              <Link href={`/decisions/${d.adr}`}>
                {d.adr} {d.adrTitle}
              </Link>{" "}
              is {d.adrStatus}.
            </>
          ) : (
            "No decision is named."
          )}
        </p>
        {may.ok ? (
          <>
            <details>
              <summary>{d.adr ? "Name another decision" : "Name the decision"}</summary>
              <ActionForm
                action={decide}
                submit="Name it"
                tone="outlined"
                hidden={{ name: model, id: d.id }}
                label={`Name the decision for ${what}`}
              >
                <TextField name="adr" label="Decision" placeholder="ADR-0007" mono maxLength={40} />
              </ActionForm>
            </details>
            <details>
              <summary>It departs no more</summary>
              <ActionForm
                action={end}
                submit="End it"
                tone="outlined"
                hidden={{ name: model, id: d.id }}
                label={`End the deviation from ${what}`}
              >
                <TextArea name="why" label="What changed" rows={2} maxLength={2000} />
              </ActionForm>
            </details>
          </>
        ) : null}
      </div>
    </article>
  );
}

function Record({ followed }: { followed: Followed }) {
  if (followed.requirements.length === 0)
    return <p className="lbl">The pinned text is not in this portal, so its requirements cannot be named.</p>;
  return (
    <details open={followed.deviations.length === 0}>
      <summary>Record a deviation</summary>
      <div style={{ maxWidth: 560 }}>
        <ActionForm
          action={record}
          submit="Record it"
          hidden={{ name: followed.model }}
          guard
          label="Record a deviation"
        >
          <SelectField
            name="requirement"
            label="Requirement"
            options={followed.requirements.map((r) => ({ value: r.id, label: r.title }))}
          />
          <TextArea name="why" label="Why it is not kept" rows={3} voice="record" maxLength={2000} />
          <TextField name="adr" label="Decision that allows it" optional placeholder="ADR-0007" mono maxLength={40} />
        </ActionForm>
      </div>
    </details>
  );
}
