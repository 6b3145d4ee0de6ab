import { ActionForm } from "@/components/ui/action-form";
import { Diff } from "@/components/ui/diff";
import { Digest } from "@/components/ui/digest";
import { TextArea } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Ctx } from "@/lib/core/command";
import { editionName, type LibraryKind, libraryHref } from "@/lib/library/library";
import { libraryEditions, libraryText } from "@/lib/library/reads";
import { mayManage } from "@/lib/patterns/adoption";
import { orNotFound } from "../not-found-if";
import { revert } from "./actions";

/** Every edition of a text with who made it and why, what differs from the text that it was made from, and the way back. */
export async function LibraryRevisions({
  ctx,
  kind,
  id,
  shown,
}: {
  ctx: Ctx;
  kind: LibraryKind;
  id: string;
  /** Digest of the edition whose differences are shown; the one in force if left out. */
  shown: string | undefined;
}) {
  const held = await orNotFound(libraryEditions, ctx, { kind, id });
  const href = libraryHref(kind, id);
  const edition = held.editions.find((e) => (shown ? e.digest === shown : e.inForce));
  const differs =
    edition && edition.revision > 0
      ? await Promise.all([
          libraryText(ctx, { kind, id, digest: edition.baseDigest }),
          libraryText(ctx, { kind, id, digest: edition.digest }),
        ])
      : null;
  const may = mayManage(ctx.actor);
  return (
    <Page name="record">
      <PageHead
        title={held.title}
        lede={
          <>
            Editions of <Link href={href}>this text</Link>. Each stays readable by its digest, because models and
            approvals cite it.
          </>
        }
      />
      <Table
        label="Editions"
        columns={[
          { id: "edition", name: "Edition" },
          { id: "by", name: "By" },
          { id: "reason", name: "Why" },
          { id: "digest", name: "Digest" },
          { id: "state", name: "State" },
        ]}
        rows={held.editions.map((e) => ({
          id: `${e.version} ${e.revision}`,
          cells: {
            edition: (
              <>
                <Link href={`${href}?digest=${e.digest}`}>{editionName(e)}</Link>
                {e.revision > 0 ? (
                  <div className="lbl">
                    <Link href={`${href}/revisions?digest=${e.digest}`}>what differs</Link>
                  </div>
                ) : null}
              </>
            ),
            by: (
              <>
                {e.author}, <When at={e.at} />
              </>
            ),
            reason: e.reason || <span className="mut">shipped</span>,
            digest: <Digest value={`sha256:${e.digest}`} />,
            state: e.inForce ? <Status state="accepted" word="In force" /> : <span className="mut">not in force</span>,
          },
        }))}
      />
      {differs && edition ? (
        <Section title="What differs" note={`${editionName(edition)} against ${editionName(differs[0])}`}>
          <Diff
            before={differs[0].text}
            after={differs[1].text}
            label={`What ${editionName(edition)} changes of ${editionName(differs[0])}`}
          />
        </Section>
      ) : (
        <p className="mut" style={{ marginTop: 16 }}>
          {held.own ? "A shipped text differs from nothing." : "Your organisation has no text of its own in force."}
        </p>
      )}
      {held.own ? (
        <Section title="Go back to the shipped text">
          {may.ok ? (
            <div style={{ maxWidth: 560 }}>
              <ActionForm
                action={revert}
                submit={`Go back to version ${held.shipped.version}`}
                tone="outlined"
                hidden={{ kind, id, over: held.own.digest }}
                label="Go back to the shipped text"
                confirm={{
                  title: `Go back to version ${held.shipped.version}?`,
                  text: "The shipped text is in force again. Your revisions stay readable; those who follow them stay pinned, and are behind.",
                  yes: "Go back",
                }}
              >
                <TextArea name="reason" label="Why" rows={2} maxLength={1000} />
              </ActionForm>
            </div>
          ) : (
            <WhyButton label="Go back" reason={may.reason} />
          )}
        </Section>
      ) : null}
    </Page>
  );
}
