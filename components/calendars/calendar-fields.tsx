import { CheckList, SelectField, TextField } from "@/components/ui/field";
import { timeZones } from "@/lib/core/zone";

/** ISO weekdays in words. */
export const weekdayName = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** "Monday to Friday", or the days one by one where they are no run. */
export function weekdaysText(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const name = (d: number | undefined) => weekdayName[(d ?? 1) - 1] ?? "";
  const run = sorted.length > 2 && sorted.every((d, i) => i === 0 || d === (sorted[i - 1] ?? 0) + 1);
  return run ? `${name(sorted[0])} to ${name(sorted.at(-1))}` : sorted.map(name).join(", ");
}

const zoneOptions = timeZones().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));

/** When work is done: shared by the forms that make and change a calendar. */
export function CalendarFields({
  calendar,
}: {
  calendar?: { timeZone: string; weekdays: readonly number[]; workFrom: string; workTo: string };
}) {
  return (
    <>
      <SelectField name="timeZone" label="Time zone" options={zoneOptions} defaultValue={calendar?.timeZone ?? "UTC"} />
      <CheckList
        name="weekdays[]:number"
        label="Working days"
        optional={false}
        options={weekdayName.map((label, i) => ({ value: String(i + 1), label }))}
        defaultValue={(calendar?.weekdays ?? [1, 2, 3, 4, 5]).map(String)}
      />
      <TextField name="workFrom" label="Work begins" type="time" mono defaultValue={calendar?.workFrom ?? "09:00"} />
      <TextField
        name="workTo"
        label="Work ends"
        hint="A promise ends with the day's work."
        type="time"
        mono
        defaultValue={calendar?.workTo ?? "17:00"}
      />
    </>
  );
}
