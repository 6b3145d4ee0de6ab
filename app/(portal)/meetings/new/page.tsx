import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { DateField, NumberField, RadioField, SelectField, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { readBoard } from "@/lib/board/queries";
import { mayArrange } from "@/lib/meetings/meeting";
import { seriesRuleName, seriesRules } from "@/lib/meetings/slots";
import { planAction, seriesAction } from "../actions";

export const metadata: Metadata = { title: "Plan a meeting" };

export default async function NewMeetingPage() {
  const ctx = await pageContext();
  const may = mayArrange(ctx.actor);
  const board = await readBoard(ctx, {});
  const chairs = board.seats.find((s) => s.seat === "chair")?.holders ?? [];
  const timing = (
    <>
      <TextField name="time" label="Local time" placeholder="10:00" defaultValue="10:00" maxLength={5} />
      <TextField
        name="zone"
        label="Time zone"
        defaultValue="Europe/Oslo"
        maxLength={60}
        hint="By place; the local time stays when the clocks change there."
        list="zones"
      />
      <NumberField name="minutes:number" label="Minutes" defaultValue="90" min={15} max={480} />
      <TextField name="place" label="Place or link" optional maxLength={300} />
      <NumberField
        name="preReadDays:number"
        label="Papers are read so many business days before"
        defaultValue="2"
        min={0}
        max={10}
        hint="What is put on the agenda later is marked late."
      />
      <SelectField
        name="chair"
        label="Chair"
        defaultValue={chairs.find((c) => c.personId === ctx.actor.id)?.personId ?? chairs[0]?.personId}
        options={chairs.map((c) => ({ value: c.personId, label: c.name }))}
      />
    </>
  );
  return (
    <Page name="meetings">
      <PageHead title="Plan a meeting" lede="A series that comes round, or one meeting of its own." />
      {may.ok ? (
        <>
          <datalist id="zones">
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <div className="two">
            <Section title="A series">
              <ActionForm action={seriesAction} submit="Begin the series" guard label="Begin a series">
                <TextField name="name" label="Name" maxLength={120} hint="For example: Review board" />
                <RadioField
                  name="rule"
                  label="Comes round"
                  hint="Days off in the board's calendar are left out."
                  defaultValue="weekly"
                  options={seriesRules.map((rule) => ({ value: rule, label: seriesRuleName[rule] }))}
                />
                <DateField name="startsOn" label="First meeting" min={board.today} />
                {timing}
              </ActionForm>
            </Section>
            <Section title="One meeting">
              <ActionForm action={planAction} submit="Plan the meeting" tone="outlined" guard label="Plan one meeting">
                <TextField name="title" label="Title" maxLength={120} />
                <DateField name="on" label="Day" min={board.today} />
                {timing}
              </ActionForm>
            </Section>
          </div>
        </>
      ) : (
        <Notice tone="care">{may.reason}</Notice>
      )}
    </Page>
  );
}

/** Offered while typing; any other place is taken too. */
const zones = [
  "Europe/Oslo",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Madrid",
  "Europe/Warsaw",
  "America/New_York",
  "America/Chicago",
  "America/Los_Angeles",
  "America/Sao_Paulo",
  "Asia/Kolkata",
  "Asia/Singapore",
  "Asia/Tokyo",
  "Australia/Sydney",
  "UTC",
];
