import type { Metadata } from "next";
import { CalendarFields, weekdaysText } from "@/components/calendars/calendar-fields";
import { HistoryPanel } from "@/components/log/history";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { CheckField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { localDay } from "@/lib/calendars/calendar";
import { getCalendar } from "@/lib/calendars/queries";
import { logList } from "@/lib/log/queries";
import { mayManageOrganisation } from "@/lib/units/unit";
import { orNotFound } from "../../../not-found-if";
import { dropHoliday, editCalendar, putHolidays } from "../actions";

export const metadata: Metadata = { title: "Working calendar" };

export default async function CalendarPage({ params }: { params: Promise<{ calendar: string }> }) {
  const key = decodeURIComponent((await params).calendar);
  const ctx = await pageContext();
  const calendar = await orNotFound(getCalendar, ctx, { calendar: key });
  const log = await logList(ctx, { subject: calendar.id, limit: 14 });
  const may = mayManageOrganisation(ctx.actor);
  const today = localDay(calendar, ctx.now());
  const ahead = calendar.holidays.filter((h) => h.day >= today);
  const past = calendar.holidays.filter((h) => h.day < today).reverse();
  return (
    <Page name="model" aside={<HistoryPanel entries={log.entries} all={`/log?subject=${calendar.slug}`} />}>
      <PageHead
        title={calendar.name}
        lede={
          <>
            {weekdaysText(calendar.weekdays)}, {calendar.workFrom} to {calendar.workTo} in{" "}
            <span className="mono">{calendar.timeZone}</span>.
            {calendar.isDefault ? " The default for units that have none." : ""}{" "}
            <Link href="/admin/calendars">All calendars</Link>
          </>
        }
      />
      <Section title="Days off">
        <Table
          label="Days off"
          empty={<Empty title="No day off is entered">Every working day of the week counts towards promises.</Empty>}
          columns={[
            { id: "day", name: "Day" },
            { id: "name", name: "Name" },
            ...(may.ok ? [{ id: "do", name: <span className="sr-only">Remove</span> }] : []),
          ]}
          rows={[...ahead, ...past].map((h) => ({
            id: h.day,
            cells: {
              day: <When at={h.day} show="day" />,
              name: h.day < today ? <span className="mut">{h.name}</span> : h.name,
              do: (
                <ActionForm
                  action={dropHoliday}
                  submit="Remove"
                  tone="ghost"
                  label={`Remove ${h.name} on ${h.day}`}
                  hidden={{ calendar: calendar.slug, day: h.day }}
                />
              ),
            },
          }))}
        />
        {may.ok ? (
          <ActionForm
            action={putHolidays}
            submit="Add days off"
            tone="outlined"
            className="fields"
            label="Add days off"
            hidden={{ calendar: calendar.slug }}
          >
            <TextArea
              name="holidays:lines"
              label="Days off"
              hint="One a line, like 2026-12-25 Christmas Day. A day that is there already takes the new name."
              rows={5}
            />
          </ActionForm>
        ) : (
          <WhyButton label="Add days off" reason={may.reason} />
        )}
      </Section>
      {may.ok ? (
        <Section title="Change" note="Promises that were made stand; new ones are counted anew">
          <ActionForm
            action={editCalendar}
            submit="Save"
            tone="outlined"
            className="fields"
            label="Change the calendar"
            keep
            hidden={{ calendar: calendar.slug }}
          >
            <TextField name="name" label="Name" maxLength={120} defaultValue={calendar.name} />
            <CalendarFields calendar={calendar} />
            {calendar.isDefault ? null : (
              <CheckField name="isDefault:boolean" label="Make it the default for units that have none" />
            )}
          </ActionForm>
        </Section>
      ) : null}
    </Page>
  );
}
