"use client";
import { Check, RefreshCw } from "lucide-react";
import { type ReactNode, useId } from "react";
import { TakesPictures } from "@/components/markdown/pictures";
import Link from "@/components/ui/link";
import { type Fill, fillStep } from "@/lib/reviews/fill";
import type { Submission } from "@/lib/reviews/submission";

const asks = { take: "Take from", refresh: "Refresh from", add: "Add below from" } as const;

/** Where a field's text came from, or where it could come from: one click takes it. Typed text is never replaced. */
export function FilledFrom({
  fill,
  submission,
  label,
  onTake,
}: {
  fill: Fill | undefined;
  submission: Submission;
  label: string;
  onTake: (fill: Fill) => void;
}) {
  if (!fill) return null;
  const step = fillStep(submission, fill);
  if (step === "current")
    return (
      <div className="fill">
        <Check className="i s12" aria-hidden="true" />
        <span>
          Filled from <Link href={fill.href}>{fill.from}</Link>.
        </span>
      </div>
    );
  return (
    <div className="fill">
      {step === "refresh" ? <span className="care">What it came from has changed since.</span> : null}
      <button
        type="button"
        className="btn q"
        onClick={() => onTake(fill)}
        aria-label={`${asks[step]} ${fill.from}: ${label}`}
      >
        <RefreshCw className="i s12" aria-hidden="true" /> {asks[step]} {fill.from}
      </button>
    </div>
  );
}

/**
 * A line, or with `rows` a box, of text. `id` is where a link to what is missing leads; `name` is its full name where the label is
 * short or not shown.
 */
export function TextLine({
  id,
  label = null,
  name,
  hint,
  value,
  most,
  rows,
  record = false,
  after,
  onChange,
}: {
  id: string;
  label?: string | null;
  name?: string;
  hint?: string;
  value: string;
  most: number;
  rows?: number;
  record?: boolean;
  after?: ReactNode;
  onChange: (text: string) => void;
}) {
  const control = useId();
  const shared = {
    id: control,
    maxLength: most,
    value,
    "aria-describedby": hint ? `${control}-hint` : undefined,
    "aria-label": name,
  };
  return (
    <div className="field" id={id}>
      {label === null ? null : <label htmlFor={control}>{label}</label>}
      {hint ? (
        <div className="hint" id={`${control}-hint`}>
          {hint}
        </div>
      ) : null}
      {rows ? (
        <TakesPicturesIf yes={record} onText={onChange}>
          <textarea
            {...shared}
            className={record ? "inp record" : "inp"}
            rows={Math.min(14, Math.max(rows, Math.ceil(value.length / 75)))}
            onChange={(e) => onChange(e.target.value)}
          />
        </TakesPicturesIf>
      ) : (
        <input {...shared} className="inp" onChange={(e) => onChange(e.target.value)} />
      )}
      {after}
    </div>
  );
}

const TakesPicturesIf = ({
  yes,
  onText,
  children,
}: {
  yes: boolean;
  onText: (text: string) => void;
  children: ReactNode;
}) => (yes ? <TakesPictures onText={onText}>{children}</TakesPictures> : children);

export function Choose({
  label,
  id,
  value,
  blank = "Choose",
  options,
  onChange,
}: {
  label: string;
  id: string;
  value: string;
  blank?: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const control = useId();
  return (
    <div className="field" id={id}>
      <label htmlFor={control}>{label}</label>
      <select id={control} className="inp" value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{blank}</option>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function YesNo({
  id,
  text,
  value,
  onChange,
}: {
  id: string;
  text: string;
  value: boolean | undefined;
  onChange: (value: boolean) => void;
}) {
  return (
    <fieldset className="yn" id={id}>
      <legend>{text}</legend>
      {([true, false] as const).map((v) => (
        <label key={String(v)}>
          <input type="radio" name={id} checked={value === v} onChange={() => onChange(v)} /> {v ? "Yes" : "No"}
        </label>
      ))}
    </fieldset>
  );
}
