"use client";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import type { lists } from "@/lib/reviews/sections";
import { mostRows } from "@/lib/reviews/submission";
import { TextLine } from "./fields";

type Row = Record<string, string | undefined>;

/** Rows with named columns: risks, options, deviations, advice. */
export function ListField({
  list,
  rows,
  onChange,
}: {
  list: (typeof lists)[number];
  rows: readonly Row[];
  onChange: (rows: Row[]) => void;
}) {
  const put = (at: number, column: string, text: string) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, [column]: text } : row)));
  const needed = list.columns.filter((c) => !c.optional);
  return (
    <fieldset className="rows" id={list.id}>
      <legend>{list.title}</legend>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; it has no name of its own
        <div className="rowset" key={i}>
          {list.columns.map((column) => (
            <TextLine
              key={column.id}
              id={`${list.id}-${i}-${column.id}`}
              label={column.optional ? `${column.title}, optional` : column.title}
              name={`${column.title}, ${list.row} ${i + 1}`}
              hint={i === 0 ? column.prompt : undefined}
              value={row[column.id] ?? ""}
              most={column.most}
              rows={column.most > 300 ? 2 : undefined}
              onChange={(text) => put(i, column.id, text)}
            />
          ))}
          <IconButton label={`Remove ${list.row} ${i + 1}`} onClick={() => onChange(rows.filter((_, at) => at !== i))}>
            <X className="i" aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <Button
        disabled={rows.length >= mostRows}
        onClick={() => onChange([...rows, Object.fromEntries(needed.map((c) => [c.id, ""]))])}
      >
        <Plus className="i" aria-hidden="true" /> Add {/^[aeio]/.test(list.row) ? "an" : "a"} {list.row}
      </Button>
    </fieldset>
  );
}
