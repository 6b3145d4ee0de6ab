"use client";
import { Paperclip } from "lucide-react";
import { useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { useFault } from "@/components/ui/form-context";
import { outcome, type Sent, sendEvidence } from "./send";

type Step = { at: "idle" } | { at: "sending"; name: string } | Sent;

/**
 * Takes a file at once when it is chosen and sends only its digest with the form, so that a refused form never asks for
 * the file again.
 */
export function EvidenceField({
  name = "evidenceSha256",
  label = "Evidence file",
  withLink = false,
}: {
  name?: string;
  label?: string;
  /** Also takes a link, of which a copy may be kept. */
  withLink?: boolean;
}) {
  const id = useId();
  const [step, setStep] = useState<Step>({ at: "idle" });
  const input = useRef<HTMLInputElement>(null);
  const newest = useRef<File | null>(null);
  const said = useFault(name);
  const fault = step.at === "failed" ? step.why : said;

  // The form empties itself once it was accepted; the file that went with it goes too.
  useEffect(() => {
    const form = input.current?.form;
    const clear = () => {
      newest.current = null;
      setStep({ at: "idle" });
    };
    form?.addEventListener("reset", clear);
    return () => form?.removeEventListener("reset", clear);
  }, []);

  // The form is not sent while its file is under way or did not arrive: it would go without it, and nobody would notice.
  const holds =
    step.at === "sending"
      ? `${step.name} is still being sent. Wait a moment.`
      : step.at === "failed"
        ? "The file was not sent. Choose it again, or take it out of the field."
        : "";
  useEffect(() => input.current?.setCustomValidity(holds), [holds]);

  const link = useRef<HTMLInputElement>(null);
  // Apart from the file's step: a link that cannot be copied may still be given.
  const [linkStep, setLinkStep] = useState<"" | "reading" | { fault: string }>("");
  const copyLink = async () => {
    const url = link.current?.value.trim() ?? "";
    if (url === "") return link.current?.focus();
    setLinkStep("reading");
    try {
      const response = await fetch("/api/v1/evidence/links", {
        method: "POST",
        body: JSON.stringify({ url }),
        headers: { "content-type": "application/json" },
      });
      const came = outcome(response.ok, await response.json());
      if (came.at === "done") setStep(came);
      setLinkStep(came.at === "failed" ? { fault: came.why } : "");
    } catch {
      setLinkStep({ fault: "The portal did not answer. Check the connection and try again." });
    }
  };

  const take = async () => {
    const file = input.current?.files?.[0] ?? null;
    newest.current = file;
    setStep(file ? { at: "sending", name: file.name } : { at: "idle" });
    if (!file) return;
    const sent = await sendEvidence(file);
    // Of two files chosen in a row, the second counts, whichever arrives last.
    if (newest.current === file) setStep(sent);
  };
  // A file chosen before the page came alive was never announced.
  const takeEarly = useEffectEvent(() => {
    if (input.current?.files?.length) void take();
  });
  useEffect(() => takeEarly(), []);

  return (
    <div className="field" data-field={name}>
      <label htmlFor={id}>
        {label} <span className="lbl">optional</span>
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        onChange={() => void take()}
        aria-invalid={fault ? true : undefined}
        aria-describedby={`${id}-hint`}
      />
      <div className="hint" id={`${id}-hint`} aria-live="polite">
        {step.at === "sending" ? `Sending ${step.name}` : null}
        {step.at === "idle" ? "PDF, image, text, CSV, JSON, Office or ZIP, at most 20 MB." : null}
        {step.at === "done" ? (
          <>
            <Paperclip className="i s12" aria-hidden="true" /> {step.file.name},{" "}
            <span className="mono" title={step.file.sha256}>
              sha256:{step.file.sha256.slice(0, 12)}…
            </span>
          </>
        ) : null}
      </div>
      {withLink ? (
        <>
          <label htmlFor={`${id}-link`}>
            Or a link to it <span className="lbl">optional</span>
          </label>
          <div className="row">
            <input
              ref={link}
              id={`${id}-link`}
              name="evidenceUrl"
              className="in"
              inputMode="url"
              maxLength={2000}
              aria-describedby={`${id}-link-hint`}
            />
            <button type="button" className="btn" onClick={() => void copyLink()} disabled={linkStep === "reading"}>
              {linkStep === "reading" ? "Reading it" : "Keep a copy"}
            </button>
          </div>
          <div className="hint" id={`${id}-link-hint`}>
            A copy shows later what stood there today. Without one the link is only where to look.
          </div>
          {typeof linkStep === "object" ? (
            <div className="fault" role="alert">
              {linkStep.fault}
            </div>
          ) : null}
        </>
      ) : null}
      {step.at === "done" ? <input type="hidden" name={name} value={step.file.sha256} /> : null}
      {fault ? <div className="fault">{fault}</div> : null}
    </div>
  );
}
