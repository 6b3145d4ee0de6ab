"use client";
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { TextArea } from "@/components/ui/field";
import type { FormState } from "@/lib/http/form-action";
import { KeepDraft } from "./draft";
import { TakesPictures } from "./pictures";
import { MarkdownPreview } from "./preview";

/**
 * Writes Markdown beside what it will look like. What is typed is kept in this browser until it is saved; the preview goes through
 * the renderer of the page itself.
 */
export function MarkdownEditor({
  action,
  content,
  submit,
  hidden,
  draft,
  label,
  hint,
  reading,
  children,
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  content: string;
  submit: string;
  hidden?: Readonly<Record<string, string>>;
  /** Name under which this browser keeps what is typed: whose text and which revision. */
  draft: string;
  label: string;
  hint: string;
  /** What the portal makes of the text, above its preview. Must not change between renderings. */
  reading: (text: string) => ReactNode;
  /** Fields above the text. */
  children?: ReactNode;
}) {
  const [text, setText] = useState(content);
  const later = useDeferredValue(text);
  const form = useRef<HTMLDivElement>(null);
  const restore = useCallback((draft: string) => {
    const area = form.current?.querySelector<HTMLTextAreaElement>("textarea[name=content]");
    if (area) area.value = draft;
    setText(draft);
  }, []);
  const read = useMemo(() => reading(later), [reading, later]);
  return (
    <div className="editor" ref={form}>
      <ActionForm action={action} submit={submit} hidden={hidden} guard keep label={submit}>
        <KeepDraft name={draft} initial={content} text={text} onRestore={restore} />
        {children}
        <TakesPictures onText={setText}>
          <TextArea
            name="content"
            label={label}
            hint={hint}
            voice="code"
            rows={30}
            defaultValue={content}
            onChange={(event) => setText(event.target.value)}
            spellCheck
          />
        </TakesPictures>
      </ActionForm>
      <section className="preview" aria-label="Preview">
        {read}
        <div style={{ marginTop: 16 }}>
          <MarkdownPreview source={later} base={2} />
        </div>
      </section>
    </div>
  );
}
