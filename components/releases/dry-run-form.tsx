"use client";
import { startTransition, useActionState } from "react";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { DryRunState } from "@/lib/releases/dry-run-state";
import { DryRunResult } from "./dry-run-result";

/** The text of a policy to change, and what the change would do to releases. Sent by hand, so that what was typed stays. */
export function DryRunForm({
  policy,
  source,
  action,
}: {
  policy: string;
  source: string;
  action: (before: DryRunState, form: FormData) => Promise<DryRunState>;
}) {
  const [state, send, pending] = useActionState(action, { message: "", result: null });
  return (
    <>
      <form
        action={send}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          startTransition(() => send(form));
        }}
      >
        <input type="hidden" name="policy" value={policy} />
        <TextArea
          name="source"
          label="The policy as it would be"
          hint="Change the text; nothing is kept, and the policy in force stays as it is."
          voice="code"
          rows={14}
          maxLength={60_000}
          defaultValue={source}
          spellCheck={false}
        />
        <Button type="submit" disabled={pending}>
          {pending ? "Trying…" : "Try on past and open releases"}
        </Button>
      </form>
      {state.message ? (
        <Notice tone="fail" live>
          {state.message}
        </Notice>
      ) : null}
      {state.result ? <DryRunResult result={state.result} /> : null}
    </>
  );
}
