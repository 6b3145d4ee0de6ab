"use client";
import { Lock } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import type { Lack } from "@/lib/reviews/submission";
import type { SaveState } from "./autosave";

const words = {
  saved: "All changes are saved",
  typing: "Not saved yet",
  saving: "Saving",
  away: "Not saved yet",
  refused: "Not saved",
};

/** How the draft stands: saved when, how much of it is there, what is missing, and the way to the board. */
export function SaveBar({
  state,
  keeps,
  given,
  of,
  lacks,
  pending,
  again,
  onSubmit,
}: {
  state: SaveState;
  keeps: boolean;
  given: number;
  of: number;
  lacks: readonly Lack[];
  pending: boolean;
  again: boolean;
  onSubmit: () => void;
}) {
  const label = again ? "Submit again" : "Submit to the board";
  const missing = lacks.length === 1 ? "One answer is missing" : `${lacks.length} answers are missing`;
  return (
    <div className="savebar">
      <div className="row w">
        <span className={state.message ? "st fail" : "lbl"}>
          <span role="status">{words[state.now]}</span>
          {state.now === "saved" && state.at !== null ? <Ago key={state.at} since={state.at} /> : "."}
        </span>
        {keeps ? null : (
          <span className="lbl">This browser keeps no copies: wait until it is saved before you leave.</span>
        )}
        <span className="sp" />
        <span className="lbl" id="given">
          {given} of {of} answers
        </span>
        <progress value={given} max={of} aria-labelledby="given" />
        {lacks.length === 0 ? (
          <Button tone="primary" size="large" disabled={pending} onClick={onSubmit}>
            {pending ? "Submitting" : label}
          </Button>
        ) : (
          <Button size="large" aria-disabled="true" aria-describedby="lacks">
            <Lock className="i" aria-hidden="true" />
            {label}
          </Button>
        )}
      </div>
      {state.message ? <p className="fault">{state.message}</p> : null}
      {lacks.length > 0 ? (
        <details className="more" open={lacks.length <= 3}>
          <summary id="lacks">{missing}. It can be left like this for now, but not submitted.</summary>
          <ul className="lacks">
            {lacks.map((l) => (
              <li key={l.field + l.message}>
                <a href={`#${l.field}`}>{l.message}</a>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}

/** ", 12 s ago." Outside the live region: a screen reader does not hear each tick. */
function Ago({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 4000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  return (
    <>{seconds < 4 ? ", just now." : seconds < 90 ? `, ${seconds} s ago.` : `, ${Math.round(seconds / 60)} min ago.`}</>
  );
}
