import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import Link from "./link";

export type Column = {
  id: string;
  name: ReactNode;
  /** Numbers stand right. */
  num?: boolean;
  width?: number | string;
  /**
   * Where the cell stands when a row becomes a card on small screens: `title` and `mark` in the first line, `line` in the next,
   * `wide` in one of its own, `foot` and `end` in the last. With places on its columns a DataTable needs no `card` on its rows; a
   * column without one is left out there.
   */
  place?: "title" | "mark" | "line" | "wide" | "foot" | "end";
  /** Where the header leads: the page sorted by this column. Make it with `sortLink`. */
  sort?: { href: string; direction: "ascending" | "descending" | null };
};

/** A row: its cells by column id, and its card for small screens. */
export type Row = {
  id: string /** For screen readers, where the id says nothing. */;
  name?: string;
  cells: Readonly<Record<string, ReactNode>>;
  card?: ReactNode;
};

/** A table without JavaScript: sorted by links. With `card` on its rows it becomes a list of cards on small screens. */
export function Table({
  columns,
  rows,
  label,
  empty,
}: {
  columns: readonly Column[];
  rows: readonly Row[];
  label: string;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
}) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  const cards = rows.every((row) => row.card !== undefined);
  return (
    <>
      <div
        className={cards ? "scroll-x no-m" : "scroll-x"}
        {...(cards ? {} : { tabIndex: 0, role: "group", "aria-label": label })}
      >
        <table className="t" aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map((column) => (
                  <td key={column.id} className={column.num ? "num" : undefined}>
                    {row.cells[column.id]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cards ? <Cards rows={rows} /> : null}
    </>
  );
}

export function HeaderCell({ column }: { column: Column }) {
  const { sort } = column;
  return (
    <th
      scope="col"
      className={column.num ? "num" : undefined}
      style={column.width === undefined ? undefined : { width: column.width }}
      aria-sort={sort ? (sort.direction ?? "none") : undefined}
    >
      {sort ? (
        <Link href={sort.href} className="sort" scroll={false}>
          {column.name}
          {sort.direction === "ascending" ? <ArrowUp className="i s12" aria-hidden="true" /> : null}
          {sort.direction === "descending" ? <ArrowDown className="i s12" aria-hidden="true" /> : null}
        </Link>
      ) : (
        column.name
      )}
    </th>
  );
}

export function Cards({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className="only-m">
      {rows.map((row) => (
        <li className="mc" key={row.id}>
          {row.card}
        </li>
      ))}
    </ul>
  );
}
