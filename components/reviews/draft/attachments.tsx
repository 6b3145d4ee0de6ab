"use client";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { sendEvidence } from "@/components/evidence/send";
import { Files } from "@/components/reviews/files";
import { IconButton } from "@/components/ui/button";
import { type Attachment, maxAttachments } from "@/lib/reviews/submission";

/** Files of a submission. Each is sent when it is chosen and stands in the draft by its digest. */
export function Attachments({
  files,
  onChange,
}: {
  files: readonly Attachment[];
  onChange: (next: (before: readonly Attachment[]) => Attachment[]) => void;
}) {
  const id = useId();
  const [sending, setSending] = useState<string | null>(null);
  const [faults, setFaults] = useState<string[]>([]);
  const take = async (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])];
    const said: string[] = [];
    setFaults([]);
    for (const file of chosen) {
      setSending(file.name);
      const sent = await sendEvidence(file);
      if (sent.at === "failed") said.push(`${file.name}: ${sent.why}`);
      else
        onChange((before) =>
          before.length >= maxAttachments || before.some((a) => a.sha256 === sent.file.sha256)
            ? [...before]
            : [...before, { name: file.name, sha256: sent.file.sha256, size: sent.file.size }],
        );
    }
    setSending(null);
    setFaults(said);
    input.value = "";
  };
  return (
    <div className="field" id="attachments">
      <label htmlFor={id}>
        Attachments <span className="lbl">optional</span>
      </label>
      <Files
        files={files}
        act={(file) => (
          <IconButton
            label={`Take ${file.name} out`}
            onClick={() => onChange((before) => before.filter((a) => a.sha256 !== file.sha256))}
          >
            <X className="i" aria-hidden="true" />
          </IconButton>
        )}
      />
      <input
        id={id}
        type="file"
        multiple
        disabled={files.length >= maxAttachments}
        onChange={(event) => void take(event.currentTarget)}
        aria-describedby={`${id}-hint`}
      />
      <div className="hint" id={`${id}-hint`} aria-live="polite">
        {sending
          ? `Sending ${sending}`
          : "PDF, image, text, CSV, JSON, Office or ZIP, at most 20 MB each. Submitting fixes them by their digests."}
      </div>
      {faults.map((fault) => (
        <div className="fault" role="alert" key={fault}>
          {fault}
        </div>
      ))}
    </div>
  );
}
