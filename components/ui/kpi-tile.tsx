import type { ReactNode } from "react";
import { Hatched } from "./hatched";
import { type Range, RangeBar } from "./range-bar";
import { Sparkline } from "./sparkline";
import type { State } from "./states";
import { Status } from "./status";

/** One KPI: state, number, course, target in words, range, coverage and freshness. Tiles stand in pairs under a question. */
export function KpiTile({
  name,
  state,
  word,
  value,
  unit = "",
  target,
  range,
  rangeText,
  values,
  coverage,
  fresh,
  reason,
}: {
  name: ReactNode;
  state: Extract<State, "met" | "missed" | "cannot_tell" | "not_measured">;
  word?: string;
  /** A range when the state is "cannot tell": "6 to 11". null when not measured. */
  value: string | null;
  unit?: string;
  target: string;
  range?: Range | null;
  rangeText?: string;
  values?: readonly (number | null)[];
  coverage: string;
  fresh: ReactNode;
  /** Why there is no number. */
  reason?: string;
}) {
  return (
    <div className="tile">
      <div className="row th">
        <span className="tn">{name}</span>
        <span className="sp" />
        <Status state={state} word={word} tag />
      </div>
      {value === null ? (
        <>
          <div className="lbl">{target}</div>
          <Hatched>No source connected</Hatched>
          {reason ? <p className="lbl nm-why">{reason}</p> : null}
        </>
      ) : (
        <>
          <div className="tv">
            <span className="big">{value}</span>
            <span className="un">{unit}</span>
            <span className="sp" />
            {values ? <Sparkline values={values} /> : null}
          </div>
          <div className="lbl">{target}</div>
          {range ? <RangeBar range={range} text={rangeText ?? ""} /> : null}
        </>
      )}
      <div className="tf">
        <span className="cov">{coverage}</span>
        <span className="sp" />
        <span>{fresh}</span>
      </div>
    </div>
  );
}

/** Tiles that hold each other honest, under the question they answer together. */
export function KpiPair({ question, children }: { question: string; children: ReactNode }) {
  return (
    <section className="pair">
      <h2 className="pq">{question}</h2>
      <div className="pt2">{children}</div>
    </section>
  );
}
