"use client";
import { ErrorPanel } from "@/components/ui/error-panel";
import { Page } from "@/components/ui/page";

export default function ModelsError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page>
      <ErrorPanel
        what="The inventory could not be read"
        instead="Nothing was changed."
        code={error.digest}
        retry={reset}
      />
    </Page>
  );
}
