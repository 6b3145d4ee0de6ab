"use client";
import { useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button, type Tone } from "@/components/ui/button";
import { useSelection } from "@/components/ui/data-table";
import { Dialog } from "@/components/ui/dialog";
import { DateField, SelectField, TextArea, TextField } from "@/components/ui/field";
import type { FormState } from "@/lib/http/form-action";
import { actionsFor, type ItemKind } from "@/lib/reconciliation/reconciliation";

export type Act = "assign" | "join" | "apart" | "retire" | "ignore";
export type ServerActions = Readonly<Record<Act, (before: FormState, form: FormData) => Promise<FormState>>>;
export type Choices = {
  units: readonly { slug: string; name: string }[];
  people: readonly { email: string; name: string }[];
  /** The day until which something is ignored, unless another is chosen. */
  until: string;
};

const label: Record<Act, string> = {
  assign: "Assign",
  join: "Join",
  apart: "Keep apart",
  retire: "Mark retired",
  ignore: "Ignore",
};

const text: Record<Act, string> = {
  assign: "They answer for it from now on. One log entry holds what changed; nobody has to approve it.",
  join: "The second record stays, is synced as before, and counts as part of the first model.",
  apart: "They are two models. They are not brought up again.",
  retire: "The record and its history stay; nothing more is asked of it.",
  ignore: "It comes back by itself on the day you choose.",
};

/** What an action covers: chosen rows by id, or everything that a filter shows. */
type Cover = { ids: readonly string[] } | { filter: Readonly<Record<string, string | readonly string[]>> };

function Hidden({ cover }: { cover: Cover }) {
  if ("ids" in cover) return cover.ids.map((id) => <input key={id} type="hidden" name="select.ids[]" value={id} />);
  const pairs = Object.entries(cover.filter).flatMap(([key, value]) =>
    typeof value === "string"
      ? [{ name: `select.filter.${key}`, value }]
      : value.map((one) => ({ name: `select.filter.${key}[]`, value: one })),
  );
  return pairs.map(({ name, value }) => <input key={`${name} ${value}`} type="hidden" name={name} value={value} />);
}

/** A button that opens the form of one action. */
export function ActButton({
  act,
  cover,
  covers,
  actions,
  choices,
  tone,
  word = label[act],
}: {
  act: Act;
  cover: Cover;
  /** What it is about, for the dialog's title: a name, or how many. */
  covers: string;
  actions: ServerActions;
  choices: Choices;
  tone?: Tone;
  word?: string;
}) {
  const [open, setOpen] = useState(false);
  const people = choices.people.map((p) => ({ value: p.email, label: p.name }));
  return (
    <>
      <Button tone={tone} onClick={() => setOpen(true)}>
        {word}
      </Button>
      {open ? (
        <Dialog title={`${label[act]}: ${covers}`} text={text[act]} open onOpenChange={setOpen}>
          <ActionForm action={actions[act]} submit={label[act]} keep label={`${label[act]} ${covers}`}>
            <Hidden cover={cover} />
            {act === "assign" ? (
              <>
                <SelectField
                  name="businessUnit"
                  label="Business unit"
                  options={choices.units.map((u) => ({ value: u.slug, label: u.name }))}
                />
                <SelectField name="owner" label="Owner" options={people} />
                <SelectField name="backupOwner" label="Deputy" optional blank="Nobody yet" options={people} />
                <TextField name="team" label="Team" optional maxLength={120} />
              </>
            ) : (
              <TextArea
                name="reason"
                label="Reason"
                voice="record"
                rows={3}
                optional={act === "join"}
                minLength={act === "join" ? undefined : 10}
                maxLength={1000}
              />
            )}
            {act === "ignore" ? (
              <DateField name="until" label="Until" hint="At most half a year ahead." defaultValue={choices.until} />
            ) : null}
          </ActionForm>
        </Dialog>
      ) : null}
    </>
  );
}

/** Actions that fit every one of some kinds, in the order of the first. */
const common = (kinds: readonly ItemKind[]): readonly Act[] => {
  const [first, ...rest] = [...new Set(kinds)];
  return first ? actionsFor[first].filter((act) => rest.every((kind) => actionsFor[kind].includes(act))) : [];
};

/** The actions on the selected rows. */
export function SelectionActs({
  kinds,
  actions,
  choices,
}: {
  kinds: Readonly<Record<string, ItemKind>>;
  actions: ServerActions;
  choices: Choices;
}) {
  const ids = useSelection();
  const acts = common(ids.flatMap((id) => kinds[id] ?? []));
  if (acts.length === 0) return <span className="ink2">Select one kind to act on it</span>;
  return acts.map((act) => (
    <ActButton
      key={act}
      act={act}
      cover={{ ids }}
      covers={`${ids.length} selected`}
      actions={actions}
      choices={choices}
    />
  ));
}

/** The actions on everything that the filter shows, beyond this page too. */
export function FilterActs({
  kinds,
  filter,
  total,
  actions,
  choices,
}: {
  kinds: readonly ItemKind[];
  filter: Readonly<Record<string, string | readonly string[]>>;
  total: number;
  actions: ServerActions;
  choices: Choices;
}) {
  const n = total.toLocaleString("en-GB");
  return (
    <div className="row no-m">
      <span className="ink2">All {n} that match:</span>
      {common(kinds).map((act) => (
        <ActButton
          key={act}
          act={act}
          cover={{ filter }}
          covers={`all ${n} that match`}
          word={`${label[act]} all`}
          actions={actions}
          choices={choices}
        />
      ))}
    </div>
  );
}
