import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";

export type RunLine = {
  id: string;
  trigger: string;
  state: "running" | "completed" | "failed";
  phase: string | null;
  modelsSeen: number;
  versionsSeen: number;
  /** Of a source of facts: observations read, and subjects that are no model. */
  factsSeen: number;
  unmatched: number;
  changed: number;
  /** Records that could not be understood. */
  skipped: number;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
};

const triggers: Record<string, string> = {
  manual: "asked for",
  schedule: "schedule",
  webhook: "webhook",
  first: "first",
};
const phases: Record<string, string> = {
  read: "reading",
  runs: "reading runs",
  digests: "computing digests",
  done: "finishing",
};

export function RunState({ run }: { run: RunLine }) {
  if (run.state === "completed") return <Status state="pass" word="Completed" />;
  if (run.state === "failed") return <Status state="fail" word="Failed" />;
  return <Status state="in_review" word={`Running, ${phases[run.phase ?? ""] ?? "starting"}`} />;
}

/** Sync runs of a registry (models) or of a source of facts, newest first. */
export function RunTable({ runs, brings }: { runs: readonly RunLine[]; brings: "models" | "facts" }) {
  const seen: readonly [first: string, second: string] =
    brings === "models" ? ["Models", "Versions"] : ["Observations", "No model yet"];
  return (
    <Table
      label="Sync runs"
      columns={[
        { id: "started", name: "Started" },
        { id: "trigger", name: "By" },
        { id: "state", name: "State" },
        { id: "took", name: "Took", num: true },
        { id: "first", name: seen[0], num: true },
        { id: "second", name: seen[1], num: true },
        { id: "changed", name: "Changes", num: true },
        { id: "bad", name: "Unreadable", num: true },
        { id: "error", name: "What went wrong" },
      ]}
      empty={<p className="mut">No sync has run yet. The first starts within a second or two.</p>}
      rows={runs.map((r) => ({
        id: r.id,
        cells: {
          started: <When at={r.startedAt} show="datetime" />,
          trigger: triggers[r.trigger] ?? r.trigger,
          state: <RunState run={r} />,
          took: r.finishedAt
            ? `${Math.max(0, Math.round((r.finishedAt.getTime() - r.startedAt.getTime()) / 100) / 10)} s`
            : "",
          first: (brings === "models" ? r.modelsSeen : r.factsSeen).toLocaleString("en-GB"),
          second: (brings === "models" ? r.versionsSeen : r.unmatched).toLocaleString("en-GB"),
          changed: r.changed.toLocaleString("en-GB"),
          bad: r.skipped.toLocaleString("en-GB"),
          error: r.error ? <span className="wrap">{r.error}</span> : "",
        },
      }))}
    />
  );
}
