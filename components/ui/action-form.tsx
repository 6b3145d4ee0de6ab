"use client";
import dynamic from "next/dynamic";
import { type FormEvent, type ReactNode, startTransition, useActionState, useEffect, useRef, useState } from "react";
import type { FormState } from "@/lib/http/form-action";
import { Button, type Tone } from "./button";
import { ActionFormContext, plainName } from "./form-context";
import { Notice } from "./notice";
import { useUnsavedGuard } from "./unsaved-guard";

// Only forms that ask "are you sure" carry a dialog.
const Confirm = dynamic(() => import("./confirm").then((m) => m.Confirm), { ssr: false });

const idle: FormState = { status: "idle", message: "", faults: [], values: {} };

/**
 * A form over a server action (formAction). A refusal leaves everything as it was typed, says what is wrong beside each
 * field and puts the focus on the first fault. It works before hydration too.
 */
export function ActionForm({
  action,
  children,
  submit,
  tone = "primary",
  size,
  full,
  confirm,
  guard = false,
  keep = false,
  hidden = {},
  extra,
  className,
  label,
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  children?: ReactNode;
  /** The word on the button; a verb. */
  submit: string;
  tone?: Tone;
  size?: "normal" | "large";
  full?: boolean;
  /** Asks once more before sending. */
  confirm?: { title: string; text: string; yes: string };
  /** Warns before typed text is left behind. */
  guard?: boolean;
  /** Keeps the fields after success too (edit forms); otherwise they are emptied. */
  keep?: boolean;
  /** Values that are sent along without a field. */
  hidden?: Readonly<Record<string, string>>;
  /** Beside the button: a second way out. */
  extra?: ReactNode;
  className?: string;
  label?: string;
}) {
  const [state, send, pending] = useActionState(action, idle);
  const form = useRef<HTMLFormElement>(null);
  const [asked, setAsked] = useState<FormData | null>(null);
  const [orphans, setOrphans] = useState<readonly string[]>([]);
  const { touched, settled } = useUnsavedGuard(guard);

  useEffect(() => {
    const element = form.current;
    if (!element || state.status === "idle") return;
    if (state.status === "done") {
      settled();
      if (!keep) element.reset();
      setOrphans([]);
      return;
    }
    const named = (field: string) =>
      [...element.querySelectorAll<HTMLElement>("[data-field]")].find((el) => {
        const own = el.dataset.field ?? "";
        return field === own || field.startsWith(`${own}.`);
      });
    setOrphans(state.faults.filter((f) => f.field !== "" && !named(f.field)).map((f) => `${f.field}: ${f.message}`));
    const first = state.faults.map((f) => named(f.field)).find(Boolean);
    first?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
  }, [state, keep, settled]);

  const dispatch = (data: FormData) => startTransition(() => send(data));
  // Dispatching by hand instead of through `action` keeps React from emptying the fields afterwards.
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget, submitterOf(event));
    if (confirm) setAsked(data);
    else dispatch(data);
  };

  return (
    <ActionFormContext value={{ faults: state.faults, values: state.values, pending }}>
      <form
        ref={form}
        action={send}
        onSubmit={onSubmit}
        onInput={touched}
        className={className}
        aria-label={label}
        aria-busy={pending}
      >
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} data-name={plainName(name)} />
        ))}
        {children}
        <div className="form-foot">
          <Button type="submit" tone={tone} size={size} full={full} disabled={pending}>
            {pending ? "Sending" : submit}
          </Button>
          {extra}
        </div>
        {state.status === "idle" || pending ? null : (
          <div style={{ marginTop: 12 }}>
            <Notice tone={state.status === "done" ? "pass" : "fail"} live>
              {state.message}
              {orphans.map((text) => (
                <div key={text}>{text}</div>
              ))}
            </Notice>
          </div>
        )}
      </form>
      {confirm && asked ? (
        <Confirm
          {...confirm}
          onNo={() => setAsked(null)}
          onYes={() => {
            setAsked(null);
            dispatch(asked);
          }}
        />
      ) : null}
    </ActionFormContext>
  );
}

/** The button that was pressed carries its own name and value. */
function submitterOf(event: FormEvent<HTMLFormElement>): HTMLElement | null {
  const native = event.nativeEvent;
  return native instanceof SubmitEvent ? native.submitter : null;
}
