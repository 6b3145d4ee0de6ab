import { ActionForm } from "@/components/ui/action-form";
import { TextArea, TextField } from "@/components/ui/field";
import { Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import type { FormState } from "@/lib/http/form-action";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

/** Files of definitions that a source has no API for, and the form that takes another. */
export function SourceFiles({
  id,
  about,
  files,
  manage,
  upload,
  drop,
}: {
  id: string;
  about: { title: string; hint: string };
  files: readonly {
    name: string;
    sha256: string;
    slos: number;
    uploadedBy: string;
    uploadedAt: Date;
    commit: string | null;
  }[];
  manage: Verdict;
  upload: Action;
  drop: Action;
}) {
  return (
    <Section title={about.title} note={`${files.length}`}>
      <Table
        label={about.title}
        columns={[
          { id: "name", name: "File" },
          { id: "slos", name: "SLOs", num: true },
          { id: "by", name: "From" },
          { id: "act", name: "Remove" },
        ]}
        empty={<p className="mut">None. A pipeline sends them to POST /api/v1/connections/{"{id}"}/slo-files.</p>}
        rows={files.map((f) => ({
          id: f.name,
          cells: {
            name: (
              <span className="mono wrap" title={`SHA-256 ${f.sha256}`}>
                {f.name}
              </span>
            ),
            slos: f.slos,
            by: (
              <>
                <span className="wrap">
                  {f.uploadedBy}
                  {f.commit ? (
                    <>
                      {" "}
                      at <span className="mono">{f.commit.slice(0, 12)}</span>
                    </>
                  ) : null}
                </span>
                , <When at={f.uploadedAt} show="relative" />
              </>
            ),
            act: f.commit ? (
              <span className="mut">In Git</span>
            ) : manage.ok ? (
              <ActionForm
                action={drop}
                submit="Remove"
                tone="outlined"
                hidden={{ id, name: f.name }}
                label={`Remove ${f.name}`}
              />
            ) : (
              ""
            ),
          },
        }))}
      />
      {manage.ok ? (
        <div style={{ maxWidth: 640, marginTop: 16 }}>
          <ActionForm action={upload} submit="Upload" tone="outlined" hidden={{ id }} label="Upload a file of SLOs">
            <TextField name="name" label="File name" mono maxLength={200} autoComplete="off" />
            <TextArea
              name="content"
              label="Content"
              hint={about.hint}
              voice="code"
              rows={8}
              maxLength={200_000}
              spellCheck={false}
            />
          </ActionForm>
        </div>
      ) : (
        <WhyButton label="Upload" reason={manage.reason} />
      )}
    </Section>
  );
}
