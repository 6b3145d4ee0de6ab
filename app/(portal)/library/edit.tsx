import { redirect } from "next/navigation";
import { LibraryEditor } from "@/components/library/editor";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import type { Ctx } from "@/lib/core/command";
import { editionName, type LibraryKind, libraryHref } from "@/lib/library/library";
import { libraryEditions, libraryMerge, libraryText } from "@/lib/library/reads";
import { mayManage } from "@/lib/patterns/adoption";
import { orNotFound } from "../not-found-if";
import { revise } from "./actions";

/** The editor of a text of the library: of what is in force, or of its merge with the newest shipped text. */
export async function EditLibraryText({
  ctx,
  kind,
  id,
  merging,
}: {
  ctx: Ctx;
  kind: LibraryKind;
  id: string;
  merging: boolean;
}) {
  const held = await orNotFound(libraryEditions, ctx, { kind, id });
  const href = libraryHref(kind, id);
  // The button on the page says why not; whoever types the address is led back to it.
  if (!mayManage(ctx.actor).ok || (merging && !held.upstream)) redirect(href as never);
  const now = held.own ?? { ...held.shipped, revision: 0 };
  const merged = merging ? await libraryMerge(ctx, { kind, id }) : null;
  const content = merged?.text ?? (await libraryText(ctx, { kind, id, digest: now.digest })).text;
  const over = held.own && !merged ? held.own.version : held.shipped.version;
  return (
    <Page name="record">
      <PageHead
        title={held.title}
        lede={
          <>
            <Link href={href}>{editionName(now)}</Link> is in force. Saving puts your organisation’s own revision in its
            place; models stay pinned to what they follow, and are behind it.
          </>
        }
      />
      {merged ? (
        <Notice tone={merged.conflicts > 0 ? "care" : "pass"}>
          {merged.conflicts > 0
            ? `Version ${merged.version} and your revision change the same lines in ${merged.conflicts} ${merged.conflicts === 1 ? "place" : "places"}. Keep what is right between the marks and take the marks away.`
            : `Version ${merged.version} and your revision change different lines. Both are in the text below; read it and save.`}
        </Notice>
      ) : null}
      {held.upstream && !merged ? (
        <Notice tone="care">
          Version {held.shipped.version} was shipped since. <Link href={`${href}/edit?merge=1`}>Take it in first</Link>,
          or save over version {over} as before.
        </Notice>
      ) : null}
      <LibraryEditor
        key={merged ? "merge" : "edit"}
        kind={kind}
        id={id}
        version={over}
        action={revise}
        content={content}
        submit={merged ? "Save the merge" : "Put in force"}
        hidden={{ kind, id, over: now.digest, ...(merged ? { merges: merged.merges } : {}) }}
        draft={`${ctx.actor.id}:${kind}:${id}:${now.digest.slice(0, 12)}${merged ? ":merge" : ""}`}
      />
    </Page>
  );
}
