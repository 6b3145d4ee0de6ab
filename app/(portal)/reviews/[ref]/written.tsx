import { Markdown } from "@/components/markdown/markdown";
import Link from "@/components/ui/link";
import type { sections } from "@/lib/reviews/sections";
import type { Submission } from "@/lib/reviews/submission";

type Section = (typeof sections)[number];

const blank = (text: string | undefined): boolean => (text ?? "").trim() === "";

/** Whether there is anything to read in a section. */
export const isWritten = (submission: Submission, section: Section): boolean =>
  !blank(submission[section.id]) ||
  section.parts.some((part) => !blank(submission[part.id])) ||
  (section.list !== null && (submission[section.list.id] ?? []).length > 0);

/** A section as the board reads it: the text, the parts by their names, the list as a table. */
export function Written({ submission, section }: { submission: Submission; section: Section }) {
  const given = section.parts.filter((part) => !blank(submission[part.id]));
  const rows = section.list ? (submission[section.list.id] ?? []) : [];
  const text = blank(submission[section.id]) ? null : <Markdown source={submission[section.id] ?? ""} />;
  return (
    <>
      {section.prose ? text : null}
      {given.length > 0 ? (
        <dl className="partlist">
          {given.map((part) => (
            <div key={part.id}>
              <dt>{part.title}</dt>
              <dd>{part.id === "diagram" ? <Linked text={submission[part.id] ?? ""} /> : submission[part.id]}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {section.list && rows.length > 0 ? (
        <div className="scroll-x" {...{ tabIndex: 0, role: "group", "aria-label": section.list.title }}>
          <table className="listed" aria-label={section.list.title}>
            <thead>
              <tr>
                {section.list.columns.map((c) => (
                  <th key={c.id} scope="col">
                    {c.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; it has no name of its own
                <tr key={i}>
                  {section.list?.columns.map((c) => (
                    <td key={c.id}>
                      <Linked text={row[c.id] ?? ""} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {section.prose ? null : text}
    </>
  );
}

/** A text that is nothing but the reference of a record, or an address, leads there. */
function Linked({ text }: { text: string }) {
  const trimmed = text.trim();
  if (/^ADR-\d{1,9}$/i.test(trimmed)) return <Link href={`/decisions/${trimmed.toUpperCase()}`}>{trimmed}</Link>;
  if (/^https:\/\/[^\s<>"]+$/.test(trimmed))
    return (
      <a href={trimmed} rel="noreferrer">
        {trimmed}
      </a>
    );
  return text;
}
