import {
  CircleDot,
  Database,
  GitCommitHorizontal,
  type LucideIcon,
  PenLine,
  Ship,
  TriangleAlert,
  UserCheck,
} from "lucide-react";
import Link from "next/link";
import { Rail } from "@/components/ui/rail";
import { When } from "@/components/ui/when";
import type { LogLine } from "@/lib/log/entry";

const icons: readonly [string, LucideIcon][] = [
  ["model.claimed", UserCheck],
  ["model.version", GitCommitHorizontal],
  ["registry.", Database],
  ["deployment.", Ship],
  ["release.", Ship],
  ["incident.", TriangleAlert],
  ["model.", PenLine],
];

const iconOf = (name: string): LucideIcon => icons.find(([start]) => name.startsWith(start))?.[1] ?? CircleDot;

/** A model's history from the log, newest first, for the right-hand column. */
export function ModelHistory({ entries, all }: { entries: readonly LogLine[]; all: string }) {
  return (
    <>
      <div className="h row">
        <h2>History</h2>
        <span className="sp" />
        <span className="lbl">from the log</span>
      </div>
      {entries.length === 0 ? (
        <p className="mut">Nothing has happened yet.</p>
      ) : (
        <Rail
          label="History"
          items={entries.map((e) => {
            const Icon = iconOf(e.name);
            return {
              id: e.id,
              mark: <Icon className="i" aria-hidden="true" />,
              text: (
                <>
                  <b>{e.actor.name}</b> {e.summary}
                </>
              ),
              detail: (
                <>
                  <When at={e.at} show="datetime" />
                  {e.index === null ? "" : ", "}
                  {e.index === null ? null : (
                    <Link href={`/log/${e.index}`}>log {e.index.toLocaleString("en-GB")}</Link>
                  )}
                </>
              ),
            };
          })}
        />
      )}
      <Link className="btn" href={all}>
        Show all entries
      </Link>
    </>
  );
}
