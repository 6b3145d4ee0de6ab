"use client";
import { useRef, useState, useTransition } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { CheckField, NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import type { KindForm, SettingField } from "@/lib/connectors/form";
import type { Tested } from "@/lib/connectors/registry";
import type { FormState } from "@/lib/http/form-action";
import { TestResult } from "./test-result";

export type ConnectionValues = {
  id: string;
  name: string;
  system: string;
  baseUrl: string;
  auth: string;
  username: string | null;
  hasSecret: boolean;
  settings: Readonly<Record<string, string | number | boolean>>;
  everyMinutes: number;
  prodAlias: string;
};

/** Connects or edits a registry or a source of facts; what it asks for follows from the kind. "Test connection" tries what is typed without saving it. */
export function ConnectionForm({
  action,
  test,
  submit,
  kinds,
  values,
  everyMinutes,
  noun = "Registry",
}: {
  action: (before: FormState, form: FormData) => Promise<FormState>;
  test: (form: FormData) => Promise<Tested>;
  submit: string;
  /** The kinds to choose from; one only when a connection is edited. */
  kinds: readonly [KindForm, ...KindForm[]];
  values?: ConnectionValues;
  /** What a new connection starts with. */
  everyMinutes?: number;
  /** What is chosen: a registry or a source of facts. */
  noun?: "Registry" | "Source of facts";
}) {
  const [kindName, setKind] = useState<string>(values?.system ?? kinds[0].kind);
  const kind = kinds.find((k) => k.kind === kindName) ?? kinds[0];
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
        label={values ? "Edit the connection" : `Connect a ${noun.toLowerCase()}`}
        hidden={values ? { id: values.id } : {}}
        extra={
          <Button onClick={tryIt} disabled={busy}>
            {busy ? "Testing" : "Test connection"}
          </Button>
        }
      >
        {values ? null : (
          <SelectField
            name="system"
            label={noun}
            hint={kind.reads}
            defaultValue={kind.kind}
            onChange={(event) => {
              setKind(event.target.value);
              setTested(null);
            }}
            options={kinds.map((k) => ({ value: k.kind, label: k.title }))}
          />
        )}
        <TextField
          name="name"
          label="Name"
          hint="How it is called here."
          defaultValue={values?.name}
          maxLength={80}
          autoComplete="off"
        />
        <KindFields key={kind.kind} kind={kind} {...(values ? { values } : {})} />
        <NumberField
          name="everyMinutes:number"
          label="Minutes between syncs"
          defaultValue={String(values?.everyMinutes ?? everyMinutes ?? "")}
          min={1}
          max={1440}
        />
      </ActionForm>
      {tested ? <TestResult tested={tested} /> : null}
    </div>
  );
}

/** Address, sign-in, settings and production alias, as this kind of registry has them. */
function KindFields({ kind, values }: { kind: KindForm; values?: ConnectionValues }) {
  const [auth, setAuth] = useState<string>(values?.auth ?? kind.signIn[0]?.id ?? "");
  const way = kind.signIn.find((s) => s.id === auth);
  const address = (
    <TextField
      name="baseUrl"
      label={kind.address.label}
      hint={kind.address.hint}
      type="url"
      mono
      optional={kind.address.optional}
      defaultValue={values?.baseUrl}
      maxLength={500}
    />
  );
  return (
    <>
      {kind.address.optional ? null : address}
      {kind.settings.map((field) => (
        <Setting key={field.name} field={field} value={values?.settings[field.name]} />
      ))}
      {kind.address.optional ? address : null}
      <SelectField
        name="auth"
        label="Sign-in"
        defaultValue={auth}
        onChange={(event) => setAuth(event.target.value)}
        options={kind.signIn.map((s) => ({ value: s.id, label: s.title }))}
      />
      {way?.username ? (
        <TextField
          key={`${auth} username`}
          name="username"
          label={way.username}
          defaultValue={values?.username ?? ""}
          maxLength={254}
          autoComplete="off"
        />
      ) : null}
      {way?.secret ? <Secret key={`${auth} secret`} secret={way.secret} stored={values?.hasSecret ?? false} /> : null}
      {kind.prodAlias ? (
        <TextField
          name="prodAlias"
          label={kind.prodAlias.label}
          mono
          defaultValue={values?.prodAlias ?? kind.prodAlias.default}
          maxLength={100}
        />
      ) : null}
    </>
  );
}

function Secret({ secret, stored }: { secret: { label: string; hint?: string; long?: boolean }; stored: boolean }) {
  const kept = "Kept encrypted and never shown.";
  const common = {
    name: "secret",
    label: secret.label,
    optional: stored,
    hint: `${secret.hint ? `${secret.hint} ` : ""}${stored ? `Left empty: the stored one stays. ${kept}` : kept}`,
    maxLength: 16_000,
  };
  // A key of several lines would lose them in a one-line field.
  return secret.long ? (
    <TextArea {...common} voice="code" rows={4} autoComplete="off" spellCheck={false} />
  ) : (
    <TextField {...common} type="password" autoComplete="new-password" />
  );
}

function Setting({ field, value }: { field: SettingField; value: string | number | boolean | undefined }) {
  const common = { label: field.label, hint: field.hint, optional: field.optional };
  const initial = value === undefined ? field.initial : String(value);
  const name = `settings.${field.name}`;
  switch (field.type) {
    case "flag":
      return <CheckField {...common} name={`${name}:boolean`} value="true" defaultChecked={initial === "true"} />;
    case "number":
      return <NumberField {...common} name={`${name}:number`} defaultValue={initial} />;
    case "choice":
      return (
        <SelectField
          {...common}
          name={name}
          defaultValue={initial}
          options={field.choices.map((c) => ({ value: c, label: inWords(c) }))}
        />
      );
    default:
      return <TextField {...common} name={name} mono defaultValue={initial} maxLength={4000} autoComplete="off" />;
  }
}

/** `open_source` reads "Open source". */
const inWords = (choice: string): string => choice.charAt(0).toUpperCase() + choice.slice(1).replaceAll("_", " ");
