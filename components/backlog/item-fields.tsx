import { NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { type BacklogKind, gainName } from "@/lib/backlog/backlog";

/** What is said of an item when it is opened and when it is changed. */
export function ItemFields({
  kind,
  people,
  item,
}: {
  kind: BacklogKind;
  people: readonly { id: string; name: string }[];
  item?: {
    title: string;
    why: string;
    justification: string;
    points: number;
    gain: number;
    ownerId: string | null;
    models: readonly string[];
  };
}) {
  const debt = kind === "debt";
  return (
    <>
      <TextField
        name="title"
        label={debt ? "What is owed" : "What is wanted"}
        maxLength={160}
        defaultValue={item?.title}
      />
      <TextArea
        name="why"
        label={debt ? "What it costs while it is there" : "What cannot be done without it"}
        rows={3}
        maxLength={4000}
        defaultValue={item?.why}
      />
      <TextArea
        name="justification"
        label="What the business gets from it"
        rows={2}
        maxLength={4000}
        defaultValue={item?.justification}
      />
      <NumberField
        name="points:number"
        label="Effort, points"
        hint="A point is about a day of one engineer."
        min={1}
        max={100}
        defaultValue={item?.points}
      />
      <NumberField name="gain:number" label={gainName[kind]} min={0} max={debt ? 100 : 10} defaultValue={item?.gain} />
      <SelectField
        name={item ? "owner:null" : "owner"}
        label="Owner"
        optional
        blank="Nobody yet"
        options={people.map((p) => ({ value: p.id, label: p.name }))}
        defaultValue={item?.ownerId ?? undefined}
      />
      <TextArea
        name="models:lines"
        label="Models concerned"
        hint="One name on each line."
        rows={2}
        optional
        defaultValue={item?.models.join("\n")}
      />
    </>
  );
}
