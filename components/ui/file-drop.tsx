"use client";
import { Paperclip } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { plainName, useFault } from "./form-context";

const size = (bytes: number) =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** A file by button or by dropping it. Says name and size before anything is sent. `maxBytes` is checked here and on the server. */
export function FileDrop({
  name,
  label,
  hint,
  accept,
  maxBytes,
  optional = false,
}: {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  accept?: string;
  maxBytes?: number;
  optional?: boolean;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ name: string; size: number } | null>(null);
  const [over, setOver] = useState(false);
  const said = useFault(name);
  const tooLarge =
    file && maxBytes && file.size > maxBytes ? `Larger than ${size(maxBytes)}. Choose a smaller file.` : null;
  const fault = tooLarge ?? said;
  const take = () => {
    const chosen = input.current?.files?.[0];
    input.current?.setCustomValidity(chosen && maxBytes && chosen.size > maxBytes ? "The file is too large." : "");
    setFile(chosen ? { name: chosen.name, size: chosen.size } : null);
  };
  // A file chosen before the page came alive was never announced.
  const takeEarly = useEffectEvent(take);
  useEffect(() => takeEarly(), []);
  return (
    <div className="field" data-field={plainName(name)}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className="lbl"> optional</span> : null}
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input inside takes keyboard and pointer */}
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (input.current && event.dataTransfer.files.length > 0) {
            input.current.files = event.dataTransfer.files;
            take();
          }
        }}
      >
        <input
          ref={input}
          id={id}
          type="file"
          name={name}
          accept={accept}
          required={!optional}
          onChange={take}
          aria-invalid={fault ? true : undefined}
          aria-describedby={`${id}-hint`}
        />
        <span className="hint" id={`${id}-hint`}>
          {file ? (
            <>
              <Paperclip className="i s12" aria-hidden="true" /> {file.name}, {size(file.size)}
            </>
          ) : (
            (hint ?? "Drop a file here or choose one.")
          )}
        </span>
      </div>
      {fault ? <div className="fault">{fault}</div> : null}
    </div>
  );
}
