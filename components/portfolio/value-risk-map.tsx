"use client";
import { CartesianGrid, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";

export type Point = {
  ref: string;
  href: string;
  name: string;
  unit: string;
  value: number;
  score: number;
  tier: number | null;
  models: number;
  live: number;
};

const eur = (value: number) => `€${value.toLocaleString("en-GB", { notation: "compact", maximumFractionDigits: 1 })}`;

/** A use case: a ring with the strictest tier of its models in it, so that the map reads the same without colour. */
function Mark({ cx, cy, payload }: { cx?: number; cy?: number; payload?: Point }) {
  if (cx === undefined || cy === undefined || !payload) return null;
  const dashed = payload.live === 0;
  return (
    <a
      href={payload.href}
      aria-label={`${payload.name}: ${eur(payload.value)} a year, risk score ${payload.score.toFixed(0)}, tier ${payload.tier ?? "not known"}`}
    >
      <circle
        cx={cx}
        cy={cy}
        r={9}
        fill="var(--surface)"
        stroke="var(--ink)"
        strokeWidth={payload.tier === 1 ? 2.5 : 1}
        strokeDasharray={dashed ? "2 2" : undefined}
      />
      <text x={cx} y={cy} dy={4} textAnchor="middle" fontSize={11} fill="var(--ink)">
        {payload.tier ?? "?"}
      </text>
    </a>
  );
}

/** Yearly value against risk. Each mark opens its use case; what is not known is not drawn but listed beside it. */
export function ValueRiskMap({ points }: { points: readonly Point[] }) {
  return (
    <div className="vmap">
      <ResponsiveContainer width="100%" height={340} initialDimension={{ width: 760, height: 340 }}>
        <ScatterChart margin={{ top: 16, right: 16, bottom: 20, left: 8 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            dataKey="score"
            type="number"
            domain={[0, 100]}
            ticks={[0, 22, 40, 55, 100]}
            tick={{ fontSize: 11, fill: "var(--ink-3)" }}
            axisLine={{ stroke: "var(--line-strong)" }}
            tickLine={false}
            label={{
              value: "Highest risk score of its models",
              position: "bottom",
              offset: 2,
              fontSize: 12,
              fill: "var(--ink-2)",
            }}
          />
          <YAxis
            dataKey="value"
            type="number"
            scale="log"
            domain={["auto", "auto"]}
            tickFormatter={eur}
            tick={{ fontSize: 11, fill: "var(--ink-3)" }}
            axisLine={false}
            tickLine={false}
            width={56}
          />
          <Tooltip cursor={false} content={({ payload }) => <Tip item={payload?.[0]?.payload} />} />
          <Scatter data={[...points]} shape={<Mark />} isAnimationActive={false} />
        </ScatterChart>
      </ResponsiveContainer>
    </div>
  );
}

function Tip({ item }: { item: Point | undefined }) {
  if (!item) return null;
  return (
    <div className="tip">
      <b>{item.name}</b>, {item.unit}
      <br />
      {eur(item.value)} a year, score {item.score.toFixed(0)}, tier {item.tier ?? "not known"}, {item.live} of{" "}
      {item.models} models live
    </div>
  );
}
