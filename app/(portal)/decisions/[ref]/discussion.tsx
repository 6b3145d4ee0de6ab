import { Markdown } from "@/components/markdown/markdown";
import { TakesPictures } from "@/components/markdown/pictures";
import { ActionForm } from "@/components/ui/action-form";
import { SelectField, TextArea } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Actor } from "@/lib/core/actor";
import type { adrDiscussion } from "@/lib/decisions/comment";
import { mayDiscuss } from "@/lib/decisions/decision";
import type { getAdr } from "@/lib/decisions/queries";
import { sectionAnchors } from "@/lib/decisions/sections";
import { comment } from "../actions";

type Adr = Awaited<ReturnType<typeof getAdr>>;
type Said = Awaited<ReturnType<typeof adrDiscussion>>;

/** What was said, a thread for each section in the order of the record; sections of earlier revisions come last. */
export function Discussion({ adr, actor, said }: { adr: Adr; actor: Actor; said: Said }) {
  const anchors = sectionAnchors(adr.shown.record.sections);
  const may = mayDiscuss(actor, adr.subject.unitId);
  const place = (section: string | null) => {
    if (section === null) return -1;
    const at = anchors.findIndex((one) => one.id === section);
    return at < 0 ? anchors.length : at;
  };
  const sections = [...new Set(said.items.map((item) => item.section))].sort((a, b) => place(a) - place(b));
  const threads = sections.map((section) => [section, said.items.filter((item) => item.section === section)] as const);
  return (
    <section className="said" aria-labelledby="said">
      <h2 id="said">Discussion</h2>
      {threads.length === 0 ? <p className="mut">Nothing was said about this record yet.</p> : null}
      {threads.map(([section, items]) => (
        <div key={section ?? ""} className="thread">
          <h3>
            {section === null ? (
              "The whole record"
            ) : place(section) < anchors.length ? (
              <a href={`#${section}`}>{items[0]?.sectionTitle}</a>
            ) : (
              <>
                {items[0]?.sectionTitle} <span className="lbl">a section of revision {items[0]?.revision}</span>
              </>
            )}
          </h3>
          {items.map((item) => (
            <article key={item.id} id={`c-${item.id}`}>
              <div className="lbl">
                {item.author ?? "unknown"}
                {item.authorKind === "person" ? null : <span className="tag"> {item.authorKind}</span>},{" "}
                <When at={item.createdAt} />, revision {item.revision}
              </div>
              <Markdown source={item.text} base={4} />
            </article>
          ))}
        </div>
      ))}
      {said.next ? <Link href={`/decisions/${adr.ref}?said=${said.next}#said`}>Later comments</Link> : null}
      {may.ok ? (
        <ActionForm action={comment} submit="Comment" tone="outlined" hidden={{ ref: adr.ref }} label="Comment" guard>
          <SelectField
            name="section"
            label="About"
            optional
            blank="The whole record"
            options={anchors.map((one) => ({ value: one.id, label: one.title }))}
          />
          <TakesPictures>
            <TextArea name="text" label="Comment" rows={3} hint="Markdown." />
          </TakesPictures>
        </ActionForm>
      ) : (
        <WhyButton label="Comment" reason={may.reason} />
      )}
    </section>
  );
}
