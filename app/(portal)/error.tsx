"use client";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorPanel } from "@/components/ui/error-panel";
import { refusalOf } from "@/lib/core/refusal";

const titles: Readonly<Record<string, string>> = {
  not_found: "There is nothing at this address",
  forbidden: "Your roles do not reach this page",
  invalid: "This address cannot be read",
  gone: "This is no longer available",
};

/** A page that refused or failed; the frame around it stays. A refusal says what would help, a fault what to quote. */
export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const refusal = refusalOf(error.digest);
  return (
    <main className="main" id="main" tabIndex={-1}>
      {refusal ? (
        <>
          <h1 className="sr-only">{titles[refusal.code] ?? "Refused"}</h1>
          <Empty
            title={titles[refusal.code] ?? "This was refused"}
            action={<ButtonLink href="/">Go to my queue</ButtonLink>}
          >
            {refusal.message}
          </Empty>
        </>
      ) : (
        <>
          <h1 className="sr-only">This page did not load</h1>
          <ErrorPanel
            what="This page did not load"
            instead="Nothing was changed. The rest of the portal may still answer."
            code={error.digest ? `fault ${error.digest}` : undefined}
            retry={reset}
          />
        </>
      )}
    </main>
  );
}
