"use client";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Check, Plus, X } from "lucide-react";
import { parseAsArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo, useTransition } from "react";

/** A filter of a list: `key` is its name in the address, values are joined with commas there (`?tier=1,2`). */
export type Filter = { key: string; name: string; options: readonly { value: string; label: string }[] };

const list = parseAsArrayOf(parseAsString);

/**
 * Filters as chips. They live in the address, so that a filtered list can be sent to someone; a change starts the list
 * anew (drops `after`). On the server read them with the same comma-joined form.
 */
export function Filters({ filters }: { filters: readonly Filter[] }) {
  const [busy, startTransition] = useTransition();
  const parsers = useMemo(
    (): Record<string, typeof list> =>
      Object.fromEntries([...filters.map((f) => f.key), "after"].map((k) => [k, list])),
    [filters],
  );
  const [values, set] = useQueryStates(parsers, { shallow: false, history: "push", startTransition });
  const of = (key: string) => values[key] ?? [];
  const put = (key: string, next: string[]) => void set({ [key]: next.length > 0 ? next : null, after: null });
  const active = filters.filter((f) => of(f.key).length > 0);
  return (
    <fieldset className="chips" aria-label="Filters" aria-busy={busy}>
      {active.map((filter) => (
        <span className="chip" key={filter.key}>
          <span>{filter.name}</span>
          <span>is</span>
          <FilterMenu filter={filter} values={of(filter.key)} onChange={(next) => put(filter.key, next)}>
            <Menu.Trigger className="v">
              {of(filter.key)
                .map((v) => filter.options.find((o) => o.value === v)?.label ?? v)
                .join(", ")}
            </Menu.Trigger>
          </FilterMenu>
          <button
            type="button"
            className="x"
            aria-label={`Remove the filter ${filter.name}`}
            onClick={() => put(filter.key, [])}
          >
            <X className="i s12" aria-hidden="true" />
          </button>
        </span>
      ))}
      <Menu.Root>
        <Menu.Trigger className="chip add">
          <span className="row" style={{ gap: 4 }}>
            <Plus className="i s12" aria-hidden="true" />
            Filter
          </span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Content className="menu" align="start" sideOffset={4}>
            {filters.map((filter) => (
              <Menu.Sub key={filter.key}>
                <Menu.SubTrigger className="mi">{filter.name}</Menu.SubTrigger>
                <Menu.Portal>
                  <Menu.SubContent className="menu tall" sideOffset={4}>
                    <Options filter={filter} values={of(filter.key)} onChange={(next) => put(filter.key, next)} />
                  </Menu.SubContent>
                </Menu.Portal>
              </Menu.Sub>
            ))}
          </Menu.Content>
        </Menu.Portal>
      </Menu.Root>
      {active.length > 1 ? (
        <button
          type="button"
          className="link"
          onClick={() => void set(Object.fromEntries([...filters.map((f) => [f.key, null]), ["after", null]]))}
        >
          Clear all
        </button>
      ) : null}
    </fieldset>
  );
}

function FilterMenu({
  filter,
  values,
  onChange,
  children,
}: {
  filter: Filter;
  values: readonly string[];
  onChange: (next: string[]) => void;
  children: React.ReactNode;
}) {
  return (
    <Menu.Root>
      {children}
      <Menu.Portal>
        <Menu.Content className="menu tall" align="start" sideOffset={4}>
          <Options filter={filter} values={values} onChange={onChange} />
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Options({
  filter,
  values,
  onChange,
}: {
  filter: Filter;
  values: readonly string[];
  onChange: (next: string[]) => void;
}) {
  return filter.options.map((option) => {
    const on = values.includes(option.value);
    return (
      <Menu.CheckboxItem
        key={option.value}
        className="mi"
        checked={on}
        onSelect={(event) => event.preventDefault()}
        onCheckedChange={() => onChange(on ? values.filter((v) => v !== option.value) : [...values, option.value])}
      >
        <Check className="i" aria-hidden="true" style={{ visibility: on ? "visible" : "hidden" }} />
        {option.label}
      </Menu.CheckboxItem>
    );
  });
}
