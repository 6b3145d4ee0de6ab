"use client";
import { useState } from "react";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { type Provable, type ShownStep, verifyEntry } from "@/lib/log/browser-verify";

/** Verifies an entry in the reader's own browser and shows each step with what it computed. */
export function VerifyEntry({ entry }: { entry: Provable }) {
  const [steps, setSteps] = useState<ShownStep[] | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      setSteps(await verifyEntry(entry));
    } catch (error) {
      setSteps([
        { title: "Verification", state: "unknown", detail: error instanceof Error ? error.message : String(error) },
      ]);
    }
    setBusy(false);
  };
  const worst = steps?.some((s) => s.state === "fail")
    ? "fail"
    : steps?.some((s) => s.state === "unknown")
      ? "unknown"
      : "pass";
  return (
    <>
      <button type="button" className="btn pri" onClick={run} disabled={busy} aria-busy={busy}>
        Verify this entry
      </button>
      {steps ? (
        <>
          <Notice tone={worst === "fail" ? "fail" : worst === "unknown" ? "care" : "pass"} live>
            {worst === "fail"
              ? "This entry does not verify. Keep this page and tell your auditors."
              : worst === "unknown"
                ? "This browser cannot tell for every step."
                : "Computed here, in your browser: the log holds exactly this entry."}
          </Notice>
          <ol className="proof" aria-label="Steps of the verification">
            {steps.map((step) => (
              <li key={step.title}>
                <span className="row">
                  <Status
                    state={step.state}
                    word={step.state === "pass" ? "holds" : step.state === "fail" ? "fails" : "cannot tell"}
                  />
                  <b>{step.title}</b>
                </span>
                <span className="mono">{step.detail}</span>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </>
  );
}
