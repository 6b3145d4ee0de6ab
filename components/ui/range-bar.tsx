export type Range = {
  /** Ends of the axis, in the KPI's unit. */
  min: number;
  max: number;
  /** Target band; an end that is left out lies at the end of the axis. */
  from?: number;
  to?: number;
  value: number;
  /** Interval of the estimate. */
  low?: number;
  high?: number;
};

/** Band with two edges, low-to-high bar, tick at the value. `text` is the interval in words. */
export function RangeBar({ range, text }: { range: Range; text: string }) {
  const { min, max, value } = range;
  const at = (x: number) => (max <= min ? 0 : Math.min(100, Math.max(0, ((x - min) / (max - min)) * 100)));
  const from = at(range.from ?? min);
  const to = at(range.to ?? max);
  const low = at(range.low ?? value);
  const high = at(range.high ?? value);
  const middle = Math.min(84, Math.max(16, (low + high) / 2));
  return (
    <div className="rg">
      <div className="rt" aria-hidden="true">
        <i className="tb" style={{ left: `${from}%`, width: `${Math.max(0, to - from)}%` }} />
        <i className="iv" style={{ left: `${low}%`, width: `${Math.max(1, high - low)}%` }} />
        <i className="pt" style={{ left: `${at(value)}%` }} />
      </div>
      <div className="rl">
        <span style={{ left: `${middle}%` }}>{text}</span>
      </div>
    </div>
  );
}
