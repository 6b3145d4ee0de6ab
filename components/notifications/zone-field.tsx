"use client";
import { useSyncExternalStore } from "react";
import { SelectField } from "@/components/ui/field";

const never = () => () => undefined;

/** The reader's time zone; says which one their browser is in, where that is another. */
export function ZoneField({ zones, defaultValue }: { zones: readonly string[]; defaultValue: string }) {
  const here = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
  return (
    <SelectField
      name="timeZone"
      label="Time zone"
      hint={here && here !== defaultValue && zones.includes(here) ? `Your browser is in ${here}.` : undefined}
      options={zones.map((zone) => ({ value: zone, label: zone }))}
      defaultValue={defaultValue}
    />
  );
}
