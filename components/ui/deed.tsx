import type { ReactNode } from "react";
import type { FormState } from "@/lib/http/form-action";
import { ActionForm } from "./action-form";

export type DeedAction = (before: FormState, form: FormData) => Promise<FormState>;

/** One thing that can be done with a record, named by its reference: a form in a fold, or, without fields, its button alone. */
export function Deed({
  title,
  submit = title,
  action,
  record,
  label,
  children,
}: {
  title: string;
  submit?: string;
  action: DeedAction;
  record: string;
  /** The form's accessible name. */
  label: string;
  children?: ReactNode;
}) {
  const form = (
    <ActionForm action={action} submit={submit} tone="outlined" hidden={{ ref: record }} label={label}>
      {children}
    </ActionForm>
  );
  return children ? <More title={title}>{form}</More> : form;
}

export function More({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="more">
      <summary>{title}</summary>
      <div>{children}</div>
    </details>
  );
}
