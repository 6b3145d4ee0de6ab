"use client";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from "recharts";

export type BurnDownRow = { quarter: string; remaining: Readonly<Record<string, number>>; total: number };

/** Cohorts are told apart by their place in the bar and by lightness, the oldest at the bottom and darkest. */
const opacityOf = (i: number, of: number): number => 0.85 - (0.65 * i) / Math.max(1, of - 1);

type MarkProps = { x?: number; y?: number; width?: number; height?: number; payload?: BurnDownRow };

function Mark({
  x,
  y,
  width,
  height,
  payload,
  cohort,
  opacity,
  path,
}: MarkProps & { cohort: string; opacity: number; path: string }) {
  if (x === undefined || y === undefined || !width || !height || !payload) return null;
  const points = payload.remaining[cohort] ?? 0;
  return (
    <a
      href={`${path}&cohort=${cohort}&standing=${payload.quarter}`}
      aria-label={`${points} points opened in ${cohort} that remained at the end of ${payload.quarter}`}
    >
      <rect x={x} y={y} width={width} height={height} fill="var(--ink)" fillOpacity={opacity} stroke="var(--surface)" />
    </a>
  );
}

/** Points that remain at the end of each quarter, by the quarter in which they were opened. Each mark opens its rows. */
export function BurnDownChart({
  rows,
  cohorts,
  path,
}: {
  rows: readonly BurnDownRow[];
  cohorts: readonly string[];
  /** Where a mark leads; cohort and quarter are added. */
  path: string;
}) {
  return (
    <figure className="ch burn">
      <ResponsiveContainer width="100%" height={220} initialDimension={{ width: 700, height: 220 }}>
        <BarChart
          data={[...rows]}
          margin={{ top: 12, right: 8, bottom: 4, left: 0 }}
          accessibilityLayer={false}
          maxBarSize={72}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="quarter"
            tick={{ fontSize: 11, fill: "var(--ink-3)" }}
            axisLine={{ stroke: "var(--line-strong)" }}
            tickLine={false}
          />
          <YAxis
            allowDecimals={false}
            tick={{ fontSize: 11, fill: "var(--ink-3)" }}
            axisLine={false}
            tickLine={false}
            width={36}
          />
          {cohorts.map((cohort, i) => (
            <Bar
              key={cohort}
              dataKey={(row: BurnDownRow) => row.remaining[cohort] ?? 0}
              stackId="points"
              isAnimationActive={false}
              shape={(props: MarkProps) => (
                <Mark {...props} cohort={cohort} opacity={opacityOf(i, cohorts.length)} path={path} />
              )}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
      <figcaption className="lbl">
        Points that remain at the end of each quarter, as they are weighed today, by the quarter in which they were
        opened:{" "}
        {cohorts.map((cohort, i) => (
          <span key={cohort} className="key">
            <svg width="10" height="10" aria-hidden="true">
              <rect width="10" height="10" fill="var(--ink)" fillOpacity={opacityOf(i, cohorts.length)} />
            </svg>{" "}
            {cohort}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
