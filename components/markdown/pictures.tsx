"use client";
import { ImagePlus } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { imageTypes, maxImageBytes } from "@/lib/images/image";

type Step =
  | { at: "idle" }
  | { at: "sending"; name: string }
  | { at: "failed"; why: string }
  | { at: "done"; name: string };

/**
 * Around one text area: a picture that is pasted, dropped or chosen is uploaded and named in the text where the caret stands.
 * `onText` hears of the text that this makes.
 */
export function TakesPictures({ children, onText }: { children: ReactNode; onText?: (text: string) => void }) {
  const [step, setStep] = useState<Step>({ at: "idle" });
  const around = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);

  const take = async (files: readonly File[]) => {
    for (const file of files) {
      setStep({ at: "sending", name: file.name });
      const sent = await send(file);
      if ("why" in sent) return setStep({ at: "failed", why: `${file.name}: ${sent.why}` });
      const area = around.current?.querySelector("textarea");
      if (!area) return;
      insert(area, `![${altOf(file.name)}](${sent.path})`);
      onText?.(area.value);
      setStep({ at: "done", name: file.name });
    }
  };
  const pictures = (files: FileList | undefined): File[] =>
    [...(files ?? [])].filter((file) => file.type.startsWith("image/"));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pasted or dropped bubbles up from the text area inside
    <div
      ref={around}
      className="takes-pictures"
      onPaste={(event) => {
        const files = pictures(event.clipboardData.files);
        // Office programs put a picture of the text beside the text; then the text is meant.
        if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
        event.preventDefault();
        void take(files);
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      }}
      onDrop={(event) => {
        const files = [...event.dataTransfer.files];
        if (files.length === 0) return;
        event.preventDefault();
        void take(files);
      }}
    >
      {children}
      <div className="row w pictures">
        <input
          ref={input}
          type="file"
          className="sr-only"
          tabIndex={-1}
          aria-label="Picture"
          accept={imageTypes.join(",")}
          multiple
          onChange={(event) => {
            void take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <button type="button" className="btn sm" onClick={() => input.current?.click()}>
          <ImagePlus size={14} aria-hidden /> Add a picture
        </button>
        <span className="hint" aria-live="polite">
          {step.at === "sending" ? `Sending ${step.name}` : null}
          {step.at === "done" ? `${step.name} is in the text. Say in the brackets what it shows.` : null}
          {step.at === "idle" ? "Or paste or drop one: PNG, JPEG, WebP or GIF." : null}
        </span>
        {step.at === "failed" ? (
          <span className="fault" role="alert">
            {step.why}
          </span>
        ) : null}
      </div>
    </div>
  );
}

async function send(file: File): Promise<{ path: string } | { why: string }> {
  if (file.size > maxImageBytes) return { why: `Larger than ${maxImageBytes / 1_048_576} MB. Make it smaller.` };
  try {
    const response = await fetch("/api/v1/images", {
      method: "POST",
      body: file,
      headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(file.name) },
    });
    const answer: unknown = await response.json();
    if (typeof answer === "object" && answer !== null) {
      if (response.ok && "path" in answer && typeof answer.path === "string") return { path: answer.path };
      if ("detail" in answer && typeof answer.detail === "string") return { why: answer.detail };
    }
  } catch {
    return { why: "The upload did not get through. Check the connection and try again." };
  }
  return { why: "The portal could not take it. Try again." };
}

/** Into the text at the caret, or in place of what is marked. */
function insert(area: HTMLTextAreaElement, text: string): void {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.focus();
}

/** A first description: the file's name without its ending, and without what Markdown would read. */
const altOf = (name: string): string =>
  name
    .replace(/\.\w+$/, "")
    .replace(/[[\]()\\_*`<>!]+|[-\s]+/g, " ")
    .trim();
