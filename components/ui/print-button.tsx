"use client";

import { Printer } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { readyForPaper } from "./printing";

export function PrintButton({ label = "Print" }: { label?: string }) {
  const [busy, setBusy] = useState(false);
  return (
    <Button
      disabled={busy}
      onClick={async () => {
        setBusy(true);
        await readyForPaper();
        setBusy(false);
        // What was drawn for paper has to be on the page before the browser takes its picture.
        requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
      }}
    >
      <Printer className="i" aria-hidden="true" />
      {label}
    </Button>
  );
}
