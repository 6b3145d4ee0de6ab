import { usualHours } from "@/lib/connectors/cadence";
import { cronGapHours } from "@/lib/connectors/cron";
import type { Execution } from "@/lib/connectors/sagemaker/shapes";
import type { Observation } from "@/lib/connectors/source";

/** A monitoring schedule of an endpoint with its newest executions, newest first. */
export type Schedule = {
  name: string;
  /** DataQuality, ModelQuality, ModelBias or ModelExplainability. */
  type: string;
  status: string;
  /** As in cron(0 * ? * * *). */
  expression: string | null;
  executions: readonly Execution[];
};

/** Which drift a monitor's type watches. Bias and explainability say nothing of drift in data or predictions. */
const watched = { DataQuality: "data", ModelQuality: "concept" } as const;
const done = ["Completed", "CompletedWithViolations"];

/** When each kind of drift was last looked at, how often it is, and what the last look found. A schedule that is stopped tells nothing. */
export function driftFacts(schedules: readonly Schedule[]): Observation[] {
  return Object.entries(watched).flatMap(([type, kind]) => {
    const ran = schedules
      .filter((s) => s.type === type && s.status === "Scheduled")
      .flatMap((s) => s.executions.filter((e) => done.includes(e.MonitoringExecutionStatus)).map((run) => ({ s, run })))
      .sort((a, b) => Date.parse(b.run.LastModifiedTime) - Date.parse(a.run.LastModifiedTime));
    const [newest] = ran;
    if (!newest) return [];
    const { s, run } = newest;
    const effectiveAt = run.LastModifiedTime;
    const [latest] = s.executions;
    const since =
      latest && latest !== run
        ? `; its latest is ${latest.MonitoringExecutionStatus}${latest.FailureReason ? `: ${latest.FailureReason}` : ""}`
        : "";
    const detail =
      `schedule ${s.name}, execution of ${run.ScheduledTime} ${run.MonitoringExecutionStatus}${since}`.slice(0, 1000);
    const hours =
      everyHours(s.expression) ?? usualHours(s.executions.map((e) => Date.parse(e.ScheduledTime)))?.hours ?? null;
    return [
      { key: `drift.${kind}_monitor_at`, value: effectiveAt, effectiveAt, detail },
      {
        key: `drift.${kind}_violated`,
        value: run.MonitoringExecutionStatus === "CompletedWithViolations",
        effectiveAt,
        detail,
      },
      ...(hours === null
        ? []
        : [
            {
              key: `drift.${kind}_cadence_hours`,
              value: hours,
              effectiveAt,
              detail: `schedule ${s.name}, ${s.expression ?? "by its executions"}`,
            },
          ]),
    ];
  });
}

/** Hours between executions of a schedule: minute, hour, date, month, weekday and year of AWS; null: not told. */
const everyHours = (expression: string | null): number | null =>
  cronGapHours(
    /^cron\((.+)\)$/
      .exec(expression ?? "")?.[1]
      ?.split(/\s+/)
      .slice(0, 5)
      .join(" ") ?? "",
  );
