import { ActionForm } from "@/components/ui/action-form";
import { SelectField, TextField } from "@/components/ui/field";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import type { FormState } from "@/lib/http/form-action";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

/** Which subjects of which sources are this model, who says so, and the form by which its owner maps another. */
export function ModelSources({
  model,
  subjects,
  sources,
  edit,
  map,
  unmap,
}: {
  model: string;
  subjects: readonly {
    connectionId: string;
    connection: string;
    subject: string;
    matchedBy: "declared" | "person" | null;
    mappedBy: string | null;
    mappedAt: Date | null;
    keys: readonly string[];
    lastSeenAt: Date | null;
  }[];
  sources: readonly { id: string; name: string }[];
  edit: Verdict;
  map: Action;
  unmap: Action;
}) {
  return (
    <Section title="Sources" note="What monitoring and other systems call this model">
      <Table
        label="Sources"
        columns={[
          { id: "source", name: "Source" },
          { id: "subject", name: "Called there" },
          { id: "by", name: "Who says so" },
          { id: "facts", name: "Facts", num: true },
          { id: "seen", name: "Seen last" },
          { id: "act", name: "Mapping" },
        ]}
        empty={
          <p className="mut">
            No source knows this model yet. A series or SLO that carries the label for it maps itself; anything else is
            mapped here.
          </p>
        }
        rows={subjects.map((s) => ({
          id: `${s.connectionId} ${s.subject}`,
          cells: {
            source: s.connection,
            subject: <span className="mono wrap">{s.subject}</span>,
            by:
              s.matchedBy === "person" ? (
                <>
                  {s.mappedBy ?? "A pipeline"}, <When at={s.mappedAt} show="date" />
                </>
              ) : (
                "the source itself"
              ),
            facts: s.keys.length,
            seen: s.lastSeenAt ? <When at={s.lastSeenAt} show="relative" /> : <span className="mut">not yet</span>,
            act:
              s.matchedBy === "person" ? (
                edit.ok ? (
                  <ActionForm
                    action={unmap}
                    submit="End"
                    tone="outlined"
                    hidden={{ id: s.connectionId, subject: s.subject }}
                    label={`End the mapping of ${s.subject}`}
                  />
                ) : (
                  <WhyButton label="End" reason={edit.reason} />
                )
              ) : (
                ""
              ),
          },
        }))}
      />
      {sources.length === 0 ? null : edit.ok ? (
        <div style={{ maxWidth: 480, marginTop: 16 }}>
          <ActionForm action={map} submit="Map" tone="outlined" hidden={{ model }} label="Map a subject">
            <SelectField name="id" label="Source" options={sources.map((s) => ({ value: s.id, label: s.name }))} />
            <TextField
              name="subject"
              label="Called there"
              hint="The service's name, exactly as the source has it."
              mono
              maxLength={500}
              autoComplete="off"
            />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Map" reason={edit.reason} />
      )}
    </Section>
  );
}
