import { Status } from "@/components/ui/status";
import { enough, type LaneMeasure } from "@/lib/reviews/measures";
import { promiseText } from "@/lib/reviews/promise";
import { laneName, lanePromise } from "@/lib/reviews/review";

/** Business days with one digit after the point, without it where it says nothing. */
export const sayDays = (days: number): string => {
  const rounded = Math.round(days * 10) / 10;
  return Number.isInteger(rounded) ? String(rounded) : rounded.toFixed(1);
};

/** A lane's decisions against its promise: from the median to the 85th percentile, with a mark at what was promised. */
export function LaneBar({ measure }: { measure: LaneMeasure }) {
  const { lane, kept, total } = measure;
  const promise = lanePromise[lane];
  const promiseWords = `Promised ${promiseText(lane)}.`;
  const most = Math.max(promise * 1.4, total?.p85 ?? 0, 1);
  const at = (days: number) => `${Math.min(100, (days / most) * 100)}%`;
  return (
    <div className="lm">
      <div className="row">
        <span className="b">{laneName[lane]}</span>
        <span className="sp" />
        {kept === null ? (
          <Status state="cannot_tell" />
        ) : (
          <Status state={kept ? "met" : "missed"} word={kept ? "Promise met" : "Promise missed"} />
        )}
      </div>
      {total === null ? null : (
        <div className="track" aria-hidden="true">
          <i
            className="span"
            style={{ left: at(total.median), width: `${Math.max(0.5, ((total.p85 - total.median) / most) * 100)}%` }}
          />
          <i className="med" style={{ left: at(total.median) }} />
          <i className="pr" style={{ left: at(promise) }} />
        </div>
      )}
      <div className="lbl">
        {kept === null || total === null
          ? `${measure.decided} decided; fewer than ${enough} say little. ${promiseWords}`
          : `Median ${sayDays(total.median)}, p85 ${sayDays(total.p85)} business days. ${promiseWords}`}
      </div>
    </div>
  );
}
