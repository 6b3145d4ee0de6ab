"use client";
import { useEffect, useRef } from "react";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { Overlap } from "@/lib/reviews/overlap-rules";
import { TextLine } from "./fields";

/** What may be the same case, shown while one writes: join it, or say why not. */
export function Overlaps({
  items,
  about,
  find,
  onFound,
  apart,
  onApart,
}: {
  items: readonly Overlap[];
  /** What is compared: a change of it asks again. */
  about: { system: string; further: readonly string[] };
  find: (about: { system: string; further: readonly string[] }) => Promise<Overlap[]>;
  onFound: (items: Overlap[]) => void;
  apart: string;
  onApart: (text: string) => void;
}) {
  const key = JSON.stringify(about);
  const asked = useRef(key);
  useEffect(() => {
    if (asked.current === key) return;
    let stale = false;
    const timer = setTimeout(async () => {
      const found = await find(JSON.parse(key)).catch(() => null);
      if (stale || !found) return;
      asked.current = key;
      onFound(found);
    }, 600);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [key, find, onFound]);
  const strong = items.some((o) => o.strong);
  if (items.length === 0 && apart === "") return null;
  return (
    <section id="overlap" aria-labelledby="overlap-head">
      <h2 id="overlap-head">What it may overlap with</h2>
      <p className="ink2">
        {strong
          ? "Join one of these: have its author name your model there, and withdraw this draft. Or say below why not."
          : "For reading: nothing here must be answered."}
      </p>
      <ul className="prec" aria-live="polite">
        {items.map((o) => (
          <li key={`${o.kind} ${o.ref}`}>
            <div className="row w">
              <Link
                href={o.kind === "model" ? `/models/${encodeURIComponent(o.ref)}` : `/reviews/${o.ref}`}
                className="b"
              >
                {o.ref}
              </Link>
              <span>{o.title}</span>
              <span className="sp" />
              {o.status ? <Status state={o.status} /> : null}
            </div>
            <div className="lbl">
              {o.why}
              {o.model ? (
                <>
                  {" "}
                  for <span className="mono">{o.model}</span>
                </>
              ) : null}
              . {o.who ? `Ask ${o.who}.` : "Nobody owns it."}
            </div>
          </li>
        ))}
      </ul>
      {strong || apart !== "" ? (
        <TextLine id="apart" label="Why it does not join" value={apart} most={2000} rows={2} onChange={onApart} />
      ) : null}
    </section>
  );
}
