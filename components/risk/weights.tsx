"use client";
import { useId, useState } from "react";

const fields = [
  { key: "impact", name: "Impact", hint: "Q1 to Q5" },
  { key: "reliance", name: "Reliance", hint: "Q6 to Q8" },
  { key: "complexity", name: "Complexity", hint: "Q9 to Q12" },
  { key: "t1", name: "Tier 1 from", hint: "score of 100" },
  { key: "t2", name: "Tier 2 from", hint: "score of 100" },
  { key: "t3", name: "Tier 3 from", hint: "score of 100" },
] as const;

export type Numbers = Readonly<Record<(typeof fields)[number]["key"], number>>;

/** Sliders for weights and thresholds. A plain form: what is tried is in the address and can be sent to someone. */
export function WeightsForm({ path, version, values }: { path: string; version: number; values: Numbers }) {
  const [now, setNow] = useState(values);
  const id = useId();
  return (
    <form method="get" action={path} className="weights">
      <input type="hidden" name="version" value={version} />
      {fields.map(({ key, name, hint }) => (
        <div className="weight" key={key}>
          <label htmlFor={`${id}-${key}`}>
            {name} <span className="lbl">{hint}</span>
          </label>
          <input
            id={`${id}-${key}`}
            name={key}
            type="range"
            min={0}
            max={100}
            value={now[key]}
            onChange={(event) => setNow({ ...now, [key]: Number(event.target.value) })}
          />
          <output htmlFor={`${id}-${key}`}>{now[key]}</output>
        </div>
      ))}
      <button type="submit" className="btn">
        Replay
      </button>
    </form>
  );
}
