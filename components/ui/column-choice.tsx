"use client";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Check, Columns3 } from "lucide-react";

/** Which columns a table shows. */
export function ColumnChoice({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly { id: string; name: string }[];
  hidden: readonly string[];
  onChange: (hidden: string[]) => void;
}) {
  return (
    <Menu.Root>
      <Menu.Trigger className="btn q">
        <Columns3 className="i" aria-hidden="true" />
        Columns
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4}>
          {columns.map((column) => (
            <Menu.CheckboxItem
              key={column.id}
              className="mi"
              checked={!hidden.includes(column.id)}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(on) =>
                onChange(on ? hidden.filter((id) => id !== column.id) : [...hidden, column.id].sort())
              }
            >
              <Check
                className="i"
                aria-hidden="true"
                style={{ visibility: hidden.includes(column.id) ? "hidden" : "visible" }}
              />
              {column.name}
            </Menu.CheckboxItem>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
