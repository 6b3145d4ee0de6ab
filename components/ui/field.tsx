"use client";
import { CircleX } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { plainName, useActionForm, useFault } from "./form-context";

type Common = {
  /** As form-action reads it: `score:number`, `flag:boolean`, `tags[]`; dots nest. */
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** Says "optional" beside the label; everything else is required. */
  optional?: boolean;
};

/** Label, hint, control and fault, tied together for assistive technology. The control takes the given props. */
function useField({ name, hint, optional }: Common) {
  const id = useId();
  const fault = useFault(name);
  const { values } = useActionForm();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return {
    id,
    fault,
    typed: values[name],
    control: {
      id,
      name,
      required: !optional,
      "aria-invalid": fault ? true : undefined,
      "aria-describedby": described || undefined,
    } as const,
  };
}

function Frame({
  id,
  label,
  hint,
  optional,
  fault,
  name,
  children,
}: Common & { id: string; fault: string | null; children: ReactNode }) {
  return (
    <div className="field" data-field={plainName(name)}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className="lbl"> optional</span> : null}
      </label>
      {hint ? (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {children}
      <Fault id={id} text={fault} />
    </div>
  );
}

function Fault({ id, text }: { id: string; text: string | null }) {
  if (!text) return null;
  return (
    <div className="fault" id={`${id}-fault`}>
      <CircleX className="i" aria-hidden="true" />
      {text}
    </div>
  );
}

type Own = keyof Common | "id" | "required" | "className";

/** One line of text. `mono` for digests, keys and codes. */
export function TextField({
  name,
  label,
  hint,
  optional,
  mono = false,
  ...rest
}: Common & { mono?: boolean } & Omit<ComponentProps<"input">, Own>) {
  const common = { name, label, hint, optional };
  const { id, fault, typed, control } = useField(common);
  return (
    <Frame {...common} id={id} fault={fault}>
      <input
        type="text"
        className={mono ? "inp mono" : "inp"}
        {...control}
        {...rest}
        defaultValue={typed ?? rest.defaultValue}
      />
    </Frame>
  );
}

/** A number; name it `x:number`. */
export function NumberField(props: Common & Omit<ComponentProps<"input">, Own | "type">) {
  return <TextField inputMode="decimal" {...props} type="number" />;
}

/** A calendar day; the value is YYYY-MM-DD, as the schema wants it. */
export function DateField(props: Common & Omit<ComponentProps<"input">, Own | "type">) {
  return <TextField {...props} type="date" />;
}

/** Several lines. `voice` record: text that becomes part of the record, in serif; code: Markdown or YAML, in mono. */
export function TextArea({
  name,
  label,
  hint,
  optional,
  voice = "plain",
  ...rest
}: Common & { voice?: "plain" | "record" | "code" } & Omit<ComponentProps<"textarea">, Own>) {
  const common = { name, label, hint, optional };
  const { id, fault, typed, control } = useField(common);
  return (
    <Frame {...common} id={id} fault={fault}>
      <textarea
        className={voice === "plain" ? "inp" : `inp ${voice}`}
        {...control}
        {...rest}
        defaultValue={typed ?? rest.defaultValue}
      />
    </Frame>
  );
}

export type Option = { value: string; label: string; hint?: string; disabled?: boolean };

/** One of several, closed. `blank` is the line that stands for no choice. */
export function SelectField({
  name,
  label,
  hint,
  optional,
  options,
  blank = "Choose",
  ...rest
}: Common & { options: readonly Option[]; blank?: string } & Omit<ComponentProps<"select">, Own>) {
  const common = { name, label, hint, optional };
  const { id, fault, typed, control } = useField(common);
  return (
    <Frame {...common} id={id} fault={fault}>
      <select className="inp" {...control} {...rest} defaultValue={typed ?? rest.defaultValue ?? ""}>
        <option value="">{blank}</option>
        {options.map((o) => (
          <option key={o.value} value={o.value} disabled={o.disabled}>
            {o.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** One of a few, all visible, each with its own line. */
export function RadioField({
  name,
  label,
  hint,
  optional,
  options,
  defaultValue,
}: Common & { options: readonly Option[]; defaultValue?: string }) {
  const common = { name, label, hint, optional };
  const { id, fault, typed, control } = useField(common);
  return (
    <fieldset className="field" data-field={plainName(name)} aria-describedby={control["aria-describedby"]}>
      <legend>
        {label}
        {optional ? <span className="lbl"> optional</span> : null}
      </legend>
      {hint ? (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {options.map((o) => (
        <label className="choice" key={o.value}>
          <input
            type="radio"
            name={name}
            value={o.value}
            required={!optional}
            disabled={o.disabled}
            defaultChecked={(typed ?? defaultValue) === o.value}
          />
          <span>{o.label}</span>
          {o.hint ? <small>{o.hint}</small> : null}
        </label>
      ))}
      <Fault id={id} text={fault} />
    </fieldset>
  );
}

/** Yes when ticked; name it `x:boolean`. Left out of the input when not ticked. */
export function CheckField({
  name,
  label,
  hint,
  optional = true,
  ...rest
}: Common & Omit<ComponentProps<"input">, Own | "type">) {
  const { id, fault, control } = useField({ name, label, hint, optional });
  return (
    <div className="field" data-field={plainName(name)}>
      <label className="choice">
        <input type="checkbox" {...control} {...rest} />
        <span>{label}</span>
        {hint ? <small id={`${id}-hint`}>{hint}</small> : null}
      </label>
      <Fault id={id} text={fault} />
    </div>
  );
}

/** Any number of several; name it `tags[]`. */
export function CheckList({
  name,
  label,
  hint,
  optional = true,
  options,
  defaultValue = [],
}: Common & { options: readonly Option[]; defaultValue?: readonly string[] }) {
  const { id, fault, control } = useField({ name, label, hint, optional });
  return (
    <fieldset className="field" data-field={plainName(name)} aria-describedby={control["aria-describedby"]}>
      <legend>
        {label}
        {optional ? <span className="lbl"> optional</span> : null}
      </legend>
      {hint ? (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {options.map((o) => (
        <label className="choice" key={o.value}>
          <input
            type="checkbox"
            name={name}
            value={o.value}
            disabled={o.disabled}
            defaultChecked={defaultValue.includes(o.value)}
          />
          <span>{o.label}</span>
          {o.hint ? <small>{o.hint}</small> : null}
        </label>
      ))}
      <Fault id={id} text={fault} />
    </fieldset>
  );
}
