import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";

type Preview = {
  subjects: number;
  more: boolean;
  observations: number;
  matched: number;
  unreadable: number;
  first: readonly { subject: string; declared: string | null; model: string | null; keys: readonly string[] }[];
};

const n = (count: number, noun: string) => `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;

/** What a first read of a source of facts would bring, and which of it is a model of the inventory already. */
export function SourcePreviewTable({ preview }: { preview: Preview }) {
  const { subjects, more, observations, matched, unreadable, first } = preview;
  return (
    <>
      <p>
        {n(observations, "observation")} about {n(subjects, "subject")}
        {more ? " on the first page" : ""}; {matched === 0 ? "none names" : `${matched} of them name`} a model of the
        inventory. What names none is counted and kept until a model's owner maps it.
        {unreadable === 0 ? "" : ` ${n(unreadable, "observation")} cannot be understood.`}
      </p>
      <Table
        label="Subjects that would be read"
        columns={[
          { id: "subject", name: subjects > first.length ? `First ${first.length} subjects` : "Subject" },
          { id: "model", name: "Model" },
          { id: "keys", name: "Facts" },
        ]}
        empty={<p className="mut">It tells nothing yet, or this account may see nothing.</p>}
        rows={first.map((s) => ({
          id: s.subject,
          cells: {
            subject: <span className="mono wrap">{s.subject}</span>,
            model: s.model ?? (
              <Status state="unknown" word={s.declared ? `${s.declared} is not in the inventory` : "No model yet"} />
            ),
            keys: <span className="mono wrap">{s.keys.join(", ")}</span>,
          },
        }))}
      />
    </>
  );
}
