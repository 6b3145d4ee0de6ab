import {
  CircleDot,
  Database,
  GitCommitHorizontal,
  KeyRound,
  type LucideIcon,
  PenLine,
  Ship,
  TriangleAlert,
  UserCheck,
} from "lucide-react";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
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

const iconOf = ({ kind, name }: LogLine): LucideIcon =>
  kind === "signature" ? KeyRound : (icons.find(([start]) => name.startsWith(start))?.[1] ?? CircleDot);

/** What happened to a subject, newest first, for the right-hand panel. `all` leads to the same in the log. */
export function History({ entries, all }: { entries: readonly LogLine[]; all?: string }) {
  if (entries.length === 0) return <Empty title="Nothing has happened yet." />;
  return (
    <>
      <Rail
        label="History"
        items={entries.map((entry) => {
          const Icon = iconOf(entry);
          return {
            id: entry.id,
            mark: <Icon className="i" aria-hidden="true" />,
            text: (
              <>
                <b className="b">{entry.actor.name}</b> {entry.summary}
              </>
            ),
            detail: (
              <>
                <When at={entry.at} show="relative" />,{" "}
                <Link href={`/log/${entry.index ?? entry.id}`} className="quiet">
                  {entry.index === null ? "log, being sequenced" : `log ${entry.index.toLocaleString("en-GB")}`}
                </Link>
              </>
            ),
          };
        })}
      />
      {all ? (
        <Link href={all} className="lbl">
          All entries in the log
        </Link>
      ) : null}
    </>
  );
}

/** The same under its own heading, as the whole right-hand column of a subject. */
export function HistoryPanel(props: { entries: readonly LogLine[]; all: string }) {
  return (
    <>
      <div className="h row">
        <h2>History</h2>
        <span className="sp" />
        <span className="lbl">from the log</span>
      </div>
      <History {...props} />
    </>
  );
}
