import { ActionForm } from "@/components/ui/action-form";
import { TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { FormState } from "@/lib/http/form-action";

type Action = (before: FormState, form: FormData) => Promise<FormState>;
type Subject = {
  subject: string;
  declared: string | null;
  matched: boolean;
  matchedBy: "declared" | "person" | null;
  mappedBy: string | null;
  model: string | null;
  keys: readonly string[];
  lastSeenAt: Date | null;
};

/** What a source of facts observes, which model each subject is, and who says so. */
export function SubjectTable({
  id,
  word,
  declared,
  subjects,
  next,
  matched,
  map,
  unmap,
}: {
  id: string;
  word: string;
  declared: string;
  subjects: readonly Subject[];
  next: string | null;
  matched: string | undefined;
  map: Action;
  unmap: Action;
}) {
  const path = `/admin/connections/${id}`;
  return (
    <Section
      id="subjects"
      title="What it observes"
      note={
        <>
          {matched === undefined ? "All" : <Link href={`${path}#subjects`}>All</Link>},{" "}
          {matched === "no" ? "no model yet" : <Link href={`${path}?matched=no#subjects`}>no model yet</Link>}
        </>
      }
    >
      <p className="ink2" style={{ maxWidth: 640 }}>
        {declared} What is no model yet is counted and its observations are not written.
      </p>
      <Table
        label="What it observes"
        columns={[
          { id: "subject", name: word },
          { id: "model", name: "Model" },
          { id: "facts", name: "Facts", num: true },
          { id: "seen", name: "Seen last" },
          { id: "act", name: "Mapping" },
        ]}
        empty={<p className="mut">{matched === "no" ? "Every subject is a model." : "Nothing has been read yet."}</p>}
        rows={subjects.map((s) => ({
          id: s.subject,
          cells: {
            subject: <span className="mono wrap">{s.subject}</span>,
            model: s.model ? (
              <>
                <Link href={`/models/${encodeURIComponent(s.model)}`}>{s.model}</Link>{" "}
                <span className="mut">
                  {s.matchedBy === "person" ? `mapped by ${s.mappedBy ?? "a pipeline"}` : "says so itself"}
                </span>
              </>
            ) : s.matched ? (
              <span className="mut">a model of another unit</span>
            ) : (
              <Status
                state="unknown"
                word={s.declared ? `${s.declared} is not in the inventory, or has another subject` : "No model yet"}
              />
            ),
            facts: s.keys.length.toLocaleString("en-GB"),
            seen: s.lastSeenAt ? <When at={s.lastSeenAt} show="relative" /> : <span className="mut">not yet</span>,
            act: s.matched ? (
              s.matchedBy === "person" && s.model ? (
                <ActionForm
                  action={unmap}
                  submit="End"
                  tone="outlined"
                  hidden={{ id, subject: s.subject }}
                  label={`End the mapping of ${s.subject}`}
                />
              ) : (
                ""
              )
            ) : (
              <ActionForm
                action={map}
                submit="Map"
                tone="outlined"
                hidden={{ id, subject: s.subject }}
                label={`Map ${s.subject}`}
              >
                <TextField name="model" label="Model" mono maxLength={250} autoComplete="off" />
              </ActionForm>
            ),
          },
        }))}
      />
      {next ? (
        <p>
          <Link href={`${path}?${matched ? `matched=${matched}&` : ""}subjects=${encodeURIComponent(next)}#subjects`}>
            More
          </Link>
        </p>
      ) : null}
    </Section>
  );
}
