"use client";
import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { MarkdownPreview } from "@/components/markdown/preview";
import { ActionForm } from "@/components/ui/action-form";
import { TextArea, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { parseAdr } from "@/lib/decisions/madr";
import type { FormState } from "@/lib/http/form-action";
import { KeepDraft } from "./draft";

/** Writes a record beside what it will look like. The preview goes through the renderer of the page itself. */
export function RecordEditor({
  action,
  content,
  submit,
  hidden,
  about,
  draft,
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  content: string;
  submit: string;
  hidden?: Readonly<Record<string, string>>;
  /** Also asks what the record is about; the values are what is known already. */
  about?: { model: string; pattern: string };
  /** Name under which this browser keeps what is typed: whose text and which revision. */
  draft: string;
}) {
  const [text, setText] = useState(content);
  const later = useDeferredValue(text);
  const form = useRef<HTMLDivElement>(null);
  const restore = useCallback((draft: string) => {
    const area = form.current?.querySelector<HTMLTextAreaElement>("textarea[name=content]");
    if (area) area.value = draft;
    setText(draft);
  }, []);
  const { record, faults } = useMemo(() => parseAdr(later), [later]);
  return (
    <div className="editor" ref={form}>
      <ActionForm action={action} submit={submit} hidden={hidden} guard keep label={submit}>
        <KeepDraft name={draft} initial={content} text={text} onRestore={restore} />
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
        <TextArea
          name="content"
          label="Record"
          hint="Markdown after MADR 4. The digest is over exactly this text."
          voice="code"
          rows={30}
          defaultValue={content}
          onChange={(event) => setText(event.target.value)}
          spellCheck
        />
      </ActionForm>
      <section className="preview" aria-label="Preview">
        {faults.length > 0 ? (
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
            {record.format === "madr"
              ? "MADR"
              : record.format === "nygard"
                ? "a record in Nygard’s form"
                : "free Markdown"}
            : {record.sections.length} sections.
          </Notice>
        )}
        <div style={{ marginTop: 16 }}>
          <MarkdownPreview source={later} base={2} />
        </div>
      </section>
    </div>
  );
}
