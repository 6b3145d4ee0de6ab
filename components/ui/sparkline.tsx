/** The path of a series; null values break the line, so that a gap stays a gap. A lone point becomes a dot of its own. */
export function sparkPath(
  values: readonly (number | null)[],
  width: number,
  height: number,
): { line: string; last: [number, number] | null } {
  const known = values.filter((v): v is number => v !== null);
  if (known.length === 0) return { line: "", last: null };
  const min = Math.min(...known);
  const max = Math.max(...known);
  // A series of one stands at its end, where "now" is.
  const x = (i: number) => (values.length === 1 ? width - 4 : 2 + (i * (width - 6)) / (values.length - 1));
  const y = (v: number) => (max === min ? height / 2 : height - 3 - ((v - min) / (max - min)) * (height - 6));
  let line = "";
  let last: [number, number] | null = null;
  for (const [i, v] of values.entries()) {
    if (v === null) continue;
    const before = values[i - 1];
    line += `${before === null || before === undefined ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    if (i === values.length - 1) last = [x(i), y(v)];
  }
  return { line, last };
}

/** Twelve or so values as a line without an axis; decorative beside the number. No dot at the end when the last is unknown. */
export function Sparkline({
  values,
  width = 96,
  height = 24,
}: {
  values: readonly (number | null)[];
  width?: number;
  height?: number;
}) {
  const { line, last } = sparkPath(values, width, height);
  return (
    <svg className="spk" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={line} fill="none" stroke="var(--ink-3)" strokeWidth="1.25" strokeLinecap="round" />
      {last ? <circle cx={last[0]} cy={last[1]} r="2.25" fill="var(--ink)" /> : null}
    </svg>
  );
}
