import { ButtonLink } from "@/components/ui/button";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import { editionName, libraryHref } from "@/lib/library/library";
import type { libraryEditions } from "@/lib/library/reads";

type Editions = Awaited<ReturnType<typeof libraryEditions>>;

/** Whose text is in force, since when and why, whether a shipped change waits, and what incidents asked it to say. */
export function LibraryStanding({ held }: { held: Editions }) {
  const { own } = held;
  return (
    <>
      {held.proposed.map((p) => (
        <Notice
          tone="info"
          key={`${p.review} ${p.at}`}
          action={<ButtonLink href={`/reviews/incidents/${p.incident}`}>{p.incident}</ButtonLink>}
        >
          <b>A change is proposed after an incident.</b> {p.text}
        </Notice>
      ))}
      {own ? <Own held={held} own={own} /> : null}
    </>
  );
}

function Own({ held, own }: { held: Editions; own: NonNullable<Editions["own"]> }) {
  const { shipped, upstream } = held;
  const href = libraryHref(held.kind, held.id);
  return (
    <>
      <Notice tone="info" action={<ButtonLink href={`${href}/revisions`}>What differs</ButtonLink>}>
        <b>Your organisation’s own text.</b> {editionName(own)} is in force, by {own.author}, <When at={own.at} />:{" "}
        {own.reason}
      </Notice>
      {upstream ? (
        <Notice tone="care" action={<ButtonLink href={`${href}/edit?merge=1`}>See the merge</ButtonLink>}>
          <b>Upstream change.</b> Version {shipped.version} was shipped since; your revision is over version{" "}
          {own.version}. It stays in force until you take the change in or go back to the shipped text.
        </Notice>
      ) : null}
    </>
  );
}

/** The way to the editor, and why not. */
export function EditText({ held, may }: { held: Editions; may: Verdict }) {
  if (!may.ok) return <WhyButton label="Edit" reason={may.reason} />;
  return <ButtonLink href={`${libraryHref(held.kind, held.id)}/edit`}>Edit</ButtonLink>;
}

/** Links to the exact texts of a page. */
export function EditionList({ held, shown }: { held: Editions; shown: string }) {
  const href = libraryHref(held.kind, held.id);
  return (
    <ul className="vs">
      {held.editions.map((e) => (
        <li key={`${e.version} ${e.revision}`}>
          <Link href={`${href}?digest=${e.digest}`} aria-current={e.digest === shown ? "true" : undefined}>
            {editionName(e)}
          </Link>
          , <When at={e.at} />
          {e.inForce ? <span className="lbl"> in force</span> : null}
        </li>
      ))}
    </ul>
  );
}
