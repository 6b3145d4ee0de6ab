"use client";
import { MarkdownEditor } from "@/components/markdown/editor";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { parseAdr } from "@/lib/decisions/madr";
import type { FormState } from "@/lib/http/form-action";

/** Writes a decision record, and says how it is read. */
export function RecordEditor({
  about,
  ...editor
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  content: string;
  submit: string;
  hidden?: Readonly<Record<string, string>>;
  /** Also asks what the record is about; the values are what is known already. */
  about?: { model: string; pattern: string };
  draft: string;
}) {
  return (
    <MarkdownEditor
      {...editor}
      label="Record"
      hint="Markdown after MADR 4. The digest is over exactly this text."
      reading={readingOf}
    >
      {about ? (
        <>
          <TextField name="model" label="Model it is about" optional defaultValue={about.model} mono />
          <TextField
            name="pattern"
            label="Reference architecture it is about"
            optional
            defaultValue={about.pattern}
            mono
          />
        </>
      ) : null}
    </MarkdownEditor>
  );
}

function readingOf(text: string) {
  const { record, faults } = parseAdr(text);
  return faults.length > 0 ? (
    <Notice tone="care">
      {faults.map((fault) => (
        <div key={`${fault.line} ${fault.text}`}>
          Line {fault.line}: {fault.text}
        </div>
      ))}
    </Notice>
  ) : (
    <Notice tone="pass">
      Reads as{" "}
      {record.format === "madr" ? "MADR" : record.format === "nygard" ? "a record in Nygard’s form" : "free Markdown"}:{" "}
      {record.sections.length} sections.
    </Notice>
  );
}
