"use client";
import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { Button } from "./button";
import { ColumnChoice } from "./column-choice";
import { Cards, type Column, HeaderCell, type Row } from "./table";

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
const helper = createColumnHelper<typeof features, Row>();
const noColumns: string[] = [];

const Selection = createContext<readonly string[]>([]);
/** Ids of the selected rows; for a client component in the bulk bar. */
export const useSelection = (): readonly string[] => use(Selection);

/**
 * A table with column choice and selection. Cells come ready from the server; sorting is by link (`Column.sort`), so the
 * server sorts and the address holds it. `hide` in the address holds the hidden columns; the first column always stays.
 * `bulk` appears above the header when rows are selected; `covers` says what the selection spans.
 */
export function DataTable({
  columns,
  rows,
  label,
  bulk,
  covers,
  toolbar,
  empty,
}: {
  columns: readonly (Column & { label?: string })[];
  rows: readonly Row[];
  label: string;
  bulk?: ReactNode;
  covers?: string;
  /** Stands left of the column choice, above the table. */
  toolbar?: ReactNode;
  empty?: ReactNode;
}) {
  const [hidden, setHidden] = useQueryState(
    "hide",
    parseAsArrayOf(parseAsString).withDefault(noColumns).withOptions({ history: "replace" }),
  );
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const defs = useMemo(() => helper.columns(columns.map((c) => helper.display({ id: c.id }))), [columns]);
  const columnVisibility = useMemo(() => Object.fromEntries(hidden.map((id) => [id, false])), [hidden]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: (row) => row.id,
    state: { columnVisibility, rowSelection },
    onRowSelectionChange: setRowSelection,
  });
  if (rows.length === 0 && empty) return <>{empty}</>;

  const byId = new Map(columns.map((c) => [c.id, c]));
  const shown = table.getVisibleLeafColumns().flatMap((c) => byId.get(c.id) ?? []);
  const selected = rows.filter((r) => rowSelection[r.id]).map((r) => r.id);
  const stacked = columns.some((c) => c.place !== undefined);
  const cards = !stacked && rows.every((row) => row.card !== undefined);
  return (
    <Selection value={selected}>
      <div className="row no-m">
        {toolbar}
        <span className="sp" />
        <ColumnChoice
          columns={columns
            .slice(1)
            .map((c) => ({ id: c.id, name: c.label ?? (typeof c.name === "string" ? c.name : c.id) }))}
          hidden={hidden}
          onChange={(next) => void setHidden(next.length > 0 ? next : null)}
        />
      </div>
      {bulk && selected.length > 0 ? (
        <section className="bulk no-m" aria-label="Selected rows">
          <b className="b">{selected.length} selected</b>
          {covers ? <span className="ink2">{covers}</span> : null}
          <span className="sp" />
          {bulk}
          <Button tone="ghost" onClick={() => setRowSelection({})}>
            Clear
          </Button>
        </section>
      ) : null}
      <div className={cards ? "scroll-x no-m" : "scroll-x"}>
        <table className={stacked ? "t stacked" : "t"} aria-label={label}>
          <thead>
            <tr>
              {bulk ? (
                <th scope="col" style={{ width: 22 }}>
                  <input
                    type="checkbox"
                    className="cbx"
                    aria-label="Select every row shown"
                    checked={table.getIsAllRowsSelected()}
                    ref={(box) => {
                      if (box) box.indeterminate = table.getIsSomeRowsSelected();
                    }}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </th>
              ) : null}
              {shown.map((column) => (
                <HeaderCell key={column.id} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} className={row.getIsSelected() ? "sel" : undefined}>
                {bulk ? (
                  <td>
                    <input
                      type="checkbox"
                      className="cbx"
                      aria-label={`Select ${row.original.name ?? row.id}`}
                      checked={row.getIsSelected()}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </td>
                ) : null}
                {shown.map((column) => (
                  <td key={column.id} className={column.place ? `at-${column.place}` : column.num ? "num" : undefined}>
                    {row.original.cells[column.id]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cards ? <Cards rows={rows} /> : null}
    </Selection>
  );
}
