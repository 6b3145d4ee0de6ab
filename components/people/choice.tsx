"use client";
import { createContext, type ReactNode, useContext } from "react";
import { SelectField } from "@/components/ui/field";
import { useInBrowser } from "@/components/ui/in-browser";

type Choice = { id: string; name: string };

const People = createContext<readonly Choice[]>([]);

/** Who can be chosen on a page, sent once for all its forms. */
export function PeopleProvider({ people, children }: { people: readonly Choice[]; children: ReactNode }) {
  return <People value={people}>{children}</People>;
}

/**
 * The people to choose from. The server writes only those that are chosen already, since a page may have twenty such lists; the
 * browser fills in the others as it takes the page over.
 */
export function usePeople(chosen: readonly string[]): readonly Choice[] {
  const people = useContext(People);
  const inBrowser = useInBrowser();
  return inBrowser ? people : people.filter((p) => chosen.includes(p.id));
}

/** One person, by name. */
export function PersonField({
  name,
  label,
  defaultValue,
  ...rest
}: {
  name: string;
  label: string;
  defaultValue?: string | undefined;
  optional?: boolean;
  blank?: string;
}) {
  const people = usePeople(defaultValue ? [defaultValue] : []);
  return (
    <SelectField
      name={name}
      label={label}
      defaultValue={defaultValue}
      options={people.map((p) => ({ value: p.id, label: p.name }))}
      {...rest}
    />
  );
}
