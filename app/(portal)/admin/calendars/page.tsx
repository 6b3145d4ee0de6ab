import type { Metadata } from "next";
import { CalendarFields, weekdaysText } from "@/components/calendars/calendar-fields";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { CheckField, SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { type Row, Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { plainCalendar } from "@/lib/calendars/calendar";
import { listCalendars } from "@/lib/calendars/queries";
import { listUnits } from "@/lib/units/queries";
import { mayManageOrganisation } from "@/lib/units/unit";
import { orNotFound } from "../../not-found-if";
import { chooseForUnit, makeCalendar } from "./actions";

export const metadata: Metadata = { title: "Working calendars" };

export default async function CalendarsPage() {
  const ctx = await pageContext();
  const [{ items }, units] = await Promise.all([orNotFound(listCalendars, ctx, {}), orNotFound(listUnits, ctx, {})]);
  const may = mayManageOrganisation(ctx.actor);
  return (
    <Page name="admin">
      <PageHead
        title="Working calendars"
        lede={`Promises of the board and its clocks are counted in the calendar of the model's business unit. A unit without one works as the unit above does, then by the default, then ${plainCalendar.name}.`}
      />
      <Table
        label="Working calendars"
        empty={
          <Empty title="No calendar is entered">
            Until one is, promises are counted {plainCalendar.name}: a day that is off in your region counts as a
            working day.
          </Empty>
        }
        columns={[
          { id: "name", name: "Calendar" },
          { id: "zone", name: "Time zone" },
          { id: "work", name: "Work" },
          { id: "units", name: "Chosen for" },
          { id: "off", name: "Days off ahead", num: true },
          { id: "until", name: "Known until" },
        ]}
        rows={items.map(row)}
      />
      {may.ok ? (
        <>
          {items.length > 0 && units.items.length > 0 ? (
            <Section title="Choose for a unit" note="Units below it follow, unless they have their own">
              <ActionForm action={chooseForUnit} submit="Choose" tone="outlined" className="fields">
                <SelectField
                  name="unit"
                  label="Business unit"
                  options={units.items.map((u) => ({ value: u.slug, label: u.path }))}
                />
                <SelectField
                  name="calendar:null"
                  label="Calendar"
                  optional
                  blank="as the unit above"
                  options={items.map((c) => ({ value: c.slug, label: c.name }))}
                />
              </ActionForm>
            </Section>
          ) : null}
          <Section title="Add a calendar">
            <ActionForm action={makeCalendar} submit="Add" className="fields">
              <TextField name="name" label="Name" hint="The region, like Germany, Hesse." maxLength={120} />
              <TextField name="slug" label="Short name" hint="Lower case, like de-he. It stays." mono maxLength={60} />
              <CalendarFields />
              <TextArea
                name="holidays:lines"
                label="Days off"
                hint="One a line, like 2026-12-25 Christmas Day."
                optional
                rows={6}
              />
              <CheckField name="isDefault:boolean" label="Default for units that have none" />
            </ActionForm>
          </Section>
        </>
      ) : (
        <Section title="Add a calendar">
          <WhyButton label="Add" reason={may.reason} />
        </Section>
      )}
    </Page>
  );
}

function row(c: Awaited<ReturnType<typeof listCalendars>>["items"][number]): Row {
  const cells = {
    name: (
      <>
        <Link className="b" href={`/admin/calendars/${c.slug}`}>
          {c.name}
        </Link>
        {c.isDefault ? <span className="lbl"> default</span> : null}
      </>
    ),
    zone: <span className="mono">{c.timeZone}</span>,
    work: `${weekdaysText(c.weekdays)}, ${c.workFrom} to ${c.workTo}`,
    units:
      c.units.length === 0 ? (
        <span className="mut">no unit</span>
      ) : (
        c.units.map((u, i) => (
          <span key={u.slug}>
            {i > 0 ? ", " : ""}
            <Link href={`/admin/units/${u.slug}`}>{u.name}</Link>
          </span>
        ))
      ),
    off: c.ahead,
    until: c.knownUntil ? <When at={c.knownUntil} show="day" /> : <span className="mut">none entered</span>,
  };
  return {
    id: c.slug,
    cells,
    card: (
      <>
        {cells.name}
        <div>
          {cells.work}, {cells.zone}
        </div>
        <div className="lbl">
          Chosen for: {cells.units}. {cells.off} days off ahead, known until {cells.until}
        </div>
      </>
    ),
  };
}
