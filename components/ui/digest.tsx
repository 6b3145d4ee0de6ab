"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

/** `sha256:c07e88…41d0`. The full value is the title, and what the copy button copies. */
export function Digest({
  value,
  lead = 6,
  tail = 4,
  copy = true,
}: {
  value: string | null;
  lead?: number;
  tail?: number;
  copy?: boolean;
}) {
  if (value === null) return <span className="mut">no digest</span>;
  const [, algorithm = "", hex = value] = /^(sha\d+:)(.+)$/i.exec(value) ?? [];
  const short = hex.length <= lead + tail + 1 ? hex : `${hex.slice(0, lead)}…${tail > 0 ? hex.slice(-tail) : ""}`;
  return (
    <span className="nw">
      <span className="mono" title={value}>
        {algorithm}
        {short}
      </span>
      {copy ? <CopyButton text={value} what="digest" /> : null}
    </span>
  );
}

/** Copies a text and says so in place. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  useEffect(() => {
    if (copied === "no") return;
    const timer = setTimeout(() => setCopied("no"), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied === "yes" ? "Copied" : copied === "failed" ? `Could not copy the ${what}` : `Copy ${what}`;
  return (
    <button
      type="button"
      className="copy"
      aria-label={label}
      title={label}
      onClick={() =>
        navigator.clipboard
          .writeText(text)
          .then(() => setCopied("yes"))
          .catch(() => setCopied("failed"))
      }
    >
      {copied === "yes" ? (
        <Check className="i s12" aria-hidden="true" />
      ) : (
        <Copy className="i s12" aria-hidden="true" />
      )}
    </button>
  );
}
