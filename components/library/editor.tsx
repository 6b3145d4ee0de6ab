"use client";
import { useCallback } from "react";
import { MarkdownEditor } from "@/components/markdown/editor";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { FormState } from "@/lib/http/form-action";
import { type LibraryKind, textFaults } from "@/lib/library/library";

/** Writes the organisation's own revision of a text, and says what keeps it from being one. */
export function LibraryEditor({
  kind,
  id,
  version,
  ...editor
}: {
  kind: LibraryKind;
  id: string;
  /** The shipped version that it is a revision of. */
  version: number;
  action: (before: FormState, form: FormData) => Promise<FormState>;
  content: string;
  submit: string;
  hidden: Readonly<Record<string, string>>;
  draft: string;
}) {
  const reading = useCallback(
    (text: string) => {
      const faults = textFaults(kind, text, id, version);
      return faults.length > 0 ? (
        <Notice tone="care">
          {faults.map((fault) => (
            <div key={fault}>{fault}</div>
          ))}
        </Notice>
      ) : (
        <Notice tone="pass">It reads as a revision of version {version}.</Notice>
      );
    },
    [kind, id, version],
  );
  return (
    <MarkdownEditor
      {...editor}
      label="Text"
      hint="Front matter and Markdown. The digest is over exactly this text."
      reading={reading}
    >
      <TextField name="reason" label="Why you change it" hint="Readers of the page see it." maxLength={1000} />
    </MarkdownEditor>
  );
}
