"use client";

import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

type Dot = { at: string; days: number; open: boolean; label: string };
type Month = { month: string; value: number | null };

/** Review cycle time: one dot a review over the day it was decided, the monthly median as it was frozen, the promise. */
export function CycleChart({
  rows,
  promise,
  months,
}: {
  rows: readonly Dot[];
  promise: number;
  months: readonly Month[];
}) {
  const dots = rows.map((r) => ({
    x: Date.parse(r.at),
    days: r.days,
    label: r.open ? `${r.label}, still open` : r.label,
    open: r.open,
  }));
  const medians = months.flatMap((m) =>
    m.value === null ? [] : [{ x: Date.parse(`${m.month}-28T00:00:00Z`), median: m.value }],
  );
  const all = [...dots.map((d) => d.x), ...medians.map((m) => m.x)];
  const worst = Math.max(promise * 1.5, ...dots.map((d) => d.days), ...medians.map((m) => m.median));
  return (
    <figure className="ch">
      <div className="row">
        <h2>Review cycle time</h2>
        <span className="sp" />
        <span className="lbl">Business days, one dot per review of the quarter</span>
      </div>
      {all.length === 0 ? (
        <p className="lbl">No review has been submitted in this scope. The chart begins with the first decision.</p>
      ) : (
        <div
          role="img"
          aria-label={`Business days per review; promise ${promise}. ${dots.filter((d) => d.open).length} still open.`}
        >
          <ResponsiveContainer width="100%" height={268} initialDimension={{ width: 700, height: 268 }}>
            <ComposedChart margin={{ top: 12, right: 64, bottom: 4, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid vertical={false} stroke="var(--line)" />
              <XAxis
                dataKey="x"
                type="number"
                domain={[Math.min(...all), Math.max(...all)]}
                tickFormatter={(x: number) =>
                  new Date(x).toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" })
                }
                tick={{ fontSize: 11, fill: "var(--ink-3)" }}
                axisLine={{ stroke: "var(--line-strong)" }}
                tickLine={false}
              />
              <YAxis
                domain={[0, Math.ceil(worst)]}
                tick={{ fontSize: 11, fill: "var(--ink-3)" }}
                axisLine={false}
                tickLine={false}
                width={36}
              />
              <Tooltip cursor={false} content={({ payload }) => <Tip item={payload?.[0]?.payload} />} />
              <ReferenceLine
                y={promise}
                stroke="var(--accent)"
                strokeDasharray="4 3"
                label={{ value: `promise, ${promise}`, position: "right", fontSize: 12, fill: "var(--accent-ink)" }}
              />
              <Scatter data={dots} dataKey="days" fill="var(--ink-3)" fillOpacity={0.6} isAnimationActive={false} />
              <Line
                data={medians}
                dataKey="median"
                stroke="var(--ink)"
                strokeWidth={1.75}
                dot={false}
                isAnimationActive={false}
              />
            </ComposedChart>
          </ResponsiveContainer>
        </div>
      )}
    </figure>
  );
}

function Tip({ item }: { item: { label?: string; days?: number; median?: number } | undefined }) {
  if (!item) return null;
  return (
    <div className="tip">
      {item.label ? `${item.label}: ${item.days} business days` : `Median ${item.median?.toFixed(1)} business days`}
    </div>
  );
}
