type Point = { at: Date; until: Date; value: number };

/** Pixels; a small screen has a drawing of its own, in which words keep their size. */
const widths = { "no-m": 720, "only-m": 358 } as const;
const height = 180;
const pad = { left: 64, right: 16, top: 12, bottom: 26 };

/**
 * The values of a number (or of yes and no, as 1 and 0) over the time at which they were true. Where nothing is known, because it was
 * read too long ago, the ground is hatched.
 */
export function FactChart(chart: Chart) {
  return (
    <>
      <Drawing {...chart} on="no-m" />
      <Drawing {...chart} on="only-m" />
    </>
  );
}

type Chart = {
  points: readonly Point[];
  /** From when on the last value is too old to count; null: it still counts. */
  unknownFrom: Date | null;
  now: Date;
  label: string;
  say: (value: number) => string;
};

function Drawing({ points, unknownFrom, now, label, say, on }: Chart & { on: keyof typeof widths }) {
  const width = widths[on];
  const ground = `fact-unknown-${on}`;
  const sorted = points.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const [first] = sorted;
  if (!first) return null;
  const from = first.at.getTime();
  const to = Math.max(now.getTime(), from + 1);
  const values = sorted.map((p) => p.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (ms: number) => pad.left + ((Math.min(ms, to) - from) / (to - from)) * (width - pad.left - pad.right);
  const y = (v: number) =>
    high === low ? height / 2 : height - pad.bottom - ((v - low) / (high - low)) * (height - pad.top - pad.bottom);
  let path = "";
  for (const [i, p] of sorted.entries()) {
    const end = sorted[i + 1]?.at.getTime() ?? Math.max(p.until.getTime(), unknownFrom?.getTime() ?? to);
    path += `${i === 0 ? "M" : "L"}${x(p.at.getTime()).toFixed(1)} ${y(p.value).toFixed(1)}L${x(end).toFixed(1)} ${y(p.value).toFixed(1)}`;
  }
  const day = (ms: number) =>
    new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const lost = unknownFrom === null ? null : x(Math.max(unknownFrom.getTime(), from));
  return (
    <svg
      className={on}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${label}: from ${say(low)} to ${say(high)}, ${sorted.length} values since ${day(from)}.${unknownFrom ? " Too old to count now." : ""}`}
      style={{ width: "100%", maxWidth: width, height: "auto" }}
    >
      <defs>
        <pattern id={ground} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke="var(--line-strong)" strokeWidth="1" />
        </pattern>
      </defs>
      {lost === null ? null : (
        <rect
          x={lost}
          y={pad.top}
          width={width - pad.right - lost}
          height={height - pad.top - pad.bottom}
          fill={`url(#${ground})`}
        />
      )}
      {(high === low ? [low] : [low, high]).map((v) => (
        <g key={v}>
          <line x1={pad.left} x2={width - pad.right} y1={y(v)} y2={y(v)} stroke="var(--line)" />
          <text x={pad.left - 8} y={y(v) + 4} textAnchor="end" fontSize="11" fill="var(--ink-3)">
            {say(v)}
          </text>
        </g>
      ))}
      <path d={path} fill="none" stroke="var(--ink)" strokeWidth="1.5" />
      <text x={pad.left} y={height - 8} fontSize="11" fill="var(--ink-3)">
        {day(from)}
      </text>
      <text x={width - pad.right} y={height - 8} textAnchor="end" fontSize="11" fill="var(--ink-3)">
        {day(to)}
      </text>
    </svg>
  );
}
