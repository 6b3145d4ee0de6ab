"use client";
import { Plus, X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { maxFurther } from "@/lib/reviews/submission";

export type Option = { value: string; label: string };

/** What the submission names beside its first: models or reference architectures, each chosen from what there is. */
export function Further({
  id,
  label,
  what,
  hint,
  chosen,
  options,
  find,
  onChange,
}: {
  id: string;
  label: string;
  /** One of them, in a sentence. */
  what: string;
  hint: string;
  chosen: readonly string[];
  options: readonly Option[];
  /** Asks for more of them while one types; without it `options` are all there are. */
  find?: (text: string) => Promise<readonly Option[]>;
  onChange: (next: string[]) => void;
}) {
  const control = useId();
  const [text, setText] = useState("");
  const [found, setFound] = useState(options);
  useEffect(() => {
    if (!find || text.trim() === "") return;
    let stale = false;
    const timer = setTimeout(async () => {
      const more = await find(text.trim()).catch(() => null);
      // Without an answer the names that are shown stay.
      if (!stale && more) setFound(more);
    }, 250);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text, find]);
  const match = found.find((o) => o.value.toLowerCase() === text.trim().toLowerCase() && !chosen.includes(o.value));
  const add = () => {
    if (!match) return;
    onChange([...chosen, match.value]);
    setText("");
  };
  return (
    <div className="field" id={id}>
      <label htmlFor={control}>
        {label} <span className="lbl">optional</span>
      </label>
      <div className="hint" id={`${control}-hint`}>
        {hint}
      </div>
      {chosen.map((name) => (
        <div className="row" key={name}>
          <span className="mono">{name}</span>
          <IconButton label={`Take ${name} out`} onClick={() => onChange(chosen.filter((c) => c !== name))}>
            <X className="i" aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div className="row">
        <input
          id={control}
          className="inp"
          list={`${control}-list`}
          value={text}
          maxLength={255}
          disabled={chosen.length >= maxFurther}
          aria-describedby={`${control}-hint`}
          autoComplete="off"
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== "Enter") return;
            e.preventDefault();
            add();
          }}
        />
        <datalist id={`${control}-list`}>
          {found
            .filter((o) => !chosen.includes(o.value))
            .map((o) => (
              <option key={o.value} value={o.value}>
                {o.label}
              </option>
            ))}
        </datalist>
        <Button disabled={!match} onClick={add} aria-label={`Add ${what}`}>
          <Plus className="i" aria-hidden="true" /> Add
        </Button>
      </div>
    </div>
  );
}
