"use client";
import type { FormState } from "@/lib/http/form-action";
import { ActionForm } from "./action-form";
import { useSelection } from "./data-table";

/** A server action on the selected rows: it gets their ids as `name` (default `ids[]`). */
export function BulkForm({
  action,
  submit,
  name = "ids[]",
  confirm,
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  submit: string;
  name?: string;
  confirm?: { title: string; text: string; yes: string };
}) {
  const ids = useSelection();
  return (
    <ActionForm action={action} submit={submit} tone="outlined" className="bulk-form" confirm={confirm}>
      {ids.map((id) => (
        <input key={id} type="hidden" name={name} value={id} />
      ))}
    </ActionForm>
  );
}

/** A link that takes the selection along: `href?ids=a,b`. */
export function BulkLink({ href, children }: { href: string; children: React.ReactNode }) {
  const ids = useSelection();
  return (
    <a className="btn" href={`${href}${href.includes("?") ? "&" : "?"}ids=${ids.map(encodeURIComponent).join(",")}`}>
      {children}
    </a>
  );
}
