"use client";
import { SelectField } from "@/components/ui/field";
import { useInBrowser } from "@/components/ui/in-browser";

/** The reader's time zone; says which one their browser is in, where that is another. */
export function ZoneField({ zones, defaultValue }: { zones: readonly string[]; defaultValue: string }) {
  const here = useInBrowser() ? Intl.DateTimeFormat().resolvedOptions().timeZone : null;
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
