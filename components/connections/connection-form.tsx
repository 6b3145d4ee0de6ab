"use client";
import { type ReactNode, useRef, useState, useTransition } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { NumberField, SelectField, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { type AuthKind, authKinds, authName } from "@/lib/connections/connection";
import type { FormState } from "@/lib/http/form-action";

type Probe = { what: string; ok: boolean; text: string };
type Tested = { ok: boolean; summary: string; probes: readonly Probe[] };

export type ConnectionValues = {
  id: string;
  name: string;
  baseUrl: string;
  auth: AuthKind;
  username: string | null;
  hasSecret: boolean;
  everyMinutes: number;
  prodAlias: string;
};

/** Connects or edits a registry; "Test connection" tries what is typed without saving it. */
export function ConnectionForm({
  action,
  test,
  submit,
  values,
  everyMinutes,
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  test: (form: FormData) => Promise<Tested>;
  submit: string;
  values?: ConnectionValues;
  /** What a new connection starts with. */
  everyMinutes?: number;
}) {
  const [auth, setAuth] = useState<string>(values?.auth ?? "none");
  const [tested, setTested] = useState<Tested | null>(null);
  const [busy, start] = useTransition();
  const box = useRef<HTMLDivElement>(null);
  const tryIt = () => {
    const form = box.current?.querySelector("form");
    if (form) start(async () => setTested(await test(new FormData(form))));
  };
  return (
    <div ref={box} style={{ maxWidth: 640 }}>
      <ActionForm
        action={action}
        submit={submit}
        keep={values !== undefined}
        guard
        label={values ? "Edit the connection" : "Connect a registry"}
        hidden={values ? { id: values.id } : {}}
        extra={
          <Button onClick={tryIt} disabled={busy}>
            {busy ? "Testing" : "Test connection"}
          </Button>
        }
      >
        <TextField
          name="name"
          label="Name"
          hint="How it is called here."
          defaultValue={values?.name}
          maxLength={80}
          autoComplete="off"
        />
        <TextField
          name="baseUrl"
          label="Address of the MLflow server"
          hint="As in https://mlflow.example.com, with a path prefix if it has one."
          type="url"
          mono
          defaultValue={values?.baseUrl}
          maxLength={500}
        />
        <SelectField
          name="auth"
          label="Sign-in"
          defaultValue={values?.auth ?? "none"}
          onChange={(event) => setAuth(event.target.value)}
          options={authKinds.map((value) => ({ value, label: authName[value] }))}
        />
        {auth === "basic" ? (
          <TextField
            name="username"
            label="User name"
            defaultValue={values?.username ?? ""}
            maxLength={254}
            autoComplete="off"
          />
        ) : null}
        {auth === "none" ? null : (
          <TextField
            name="secret"
            label={auth === "basic" ? "Password" : "Token"}
            type="password"
            autoComplete="new-password"
            optional={values?.hasSecret ?? false}
            hint={
              values?.hasSecret
                ? "Left empty: the stored one stays. It is kept encrypted and never shown."
                : "Kept encrypted and never shown."
            }
            maxLength={4000}
          />
        )}
        <NumberField
          name="everyMinutes:number"
          label="Minutes between syncs"
          defaultValue={String(values?.everyMinutes ?? everyMinutes ?? "")}
          min={1}
          max={1440}
        />
        <TextField
          name="prodAlias"
          label="Alias that marks production"
          mono
          defaultValue={values?.prodAlias ?? "champion"}
          maxLength={100}
        />
      </ActionForm>
      <Result tested={tested} />
    </div>
  );
}

function Result({ tested }: { tested: Tested | null }): ReactNode {
  if (!tested) return null;
  return (
    <div style={{ marginTop: 12 }}>
      <Notice tone={tested.ok ? "pass" : "fail"} live>
        <b>{tested.ok ? "It works." : "It does not work yet."}</b> {tested.summary}
        {tested.probes.map((p) => (
          <div key={p.what} className="ink2">
            {p.ok ? "Passed" : "Failed"}: {p.what}. {p.text === tested.summary ? "" : p.text}
          </div>
        ))}
      </Notice>
    </div>
  );
}
