"use client";
import { ErrorPanel } from "@/components/ui/error-panel";

/** A page that failed; the frame around it stays. The digest is what the server's log knows the fault by. */
export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="main" id="main" tabIndex={-1}>
      <h1 className="sr-only">This page did not load</h1>
      <ErrorPanel
        what="This page did not load"
        instead="Nothing was changed. The rest of the portal may still answer."
        code={error.digest ? `fault ${error.digest}` : undefined}
        retry={reset}
      />
    </main>
  );
}
