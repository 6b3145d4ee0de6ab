import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { ButtonLink } from "./button";
import Link from "./link";

/**
 * Foot of a keyset-paged list: rows, first and last key, how many match, Next. No page numbers; keyset pages have none.
 * `total` null: not counted.
 */
export function Pager({
  shown,
  first,
  last,
  total,
  more = false,
  noun = "row",
  next,
  start,
  note,
}: {
  shown: number;
  first?: string;
  last?: string;
  total: number | null;
  /** More than `total` match; nobody counted on. */
  more?: boolean;
  noun?: string;
  /** Address of the next page; null at the end. */
  next: string | null;
  /** Address of the first page; null when this is it. */
  start: string | null;
  note?: ReactNode;
}) {
  return (
    <nav className="foot" aria-label="Pages of the list">
      <span className="ink2">
        {shown.toLocaleString("en-GB")} {shown === 1 ? noun : `${noun}s`}
        {first && last && shown > 1 ? (
          <>
            , <span className="mono">{first}</span> to <span className="mono">{last}</span>
          </>
        ) : null}
        .
        {total === null
          ? ""
          : ` ${more ? "More than " : ""}${total.toLocaleString("en-GB")} ${total === 1 ? "matches" : "match"}.`}
      </span>
      <span className="sp" />
      {note ? <span className="lbl no-m">{note}</span> : null}
      {start ? <Link href={start}>Start of list</Link> : <span className="lbl no-m">Start of list</span>}
      {next ? (
        <ButtonLink href={next}>
          Next
          <ChevronRight className="i" aria-hidden="true" />
        </ButtonLink>
      ) : (
        <span className="lbl">End of list</span>
      )}
    </nav>
  );
}
