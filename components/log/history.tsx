import { CircleDot, KeyRound } from "lucide-react";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { Rail } from "@/components/ui/rail";
import { When } from "@/components/ui/when";
import type { LogLine } from "@/lib/log/entry";

/** What happened to a subject, newest first, for the right-hand panel. `all` leads to the same in the log. */
export function History({ entries, all }: { entries: readonly LogLine[]; all?: string }) {
  if (entries.length === 0) return <Empty title="Nothing has happened yet." />;
  return (
    <>
      <Rail
        label="History"
        items={entries.map((entry) => ({
          id: entry.id,
          mark:
            entry.kind === "signature" ? (
              <KeyRound className="i s12" aria-hidden="true" />
            ) : (
              <CircleDot className="i" aria-hidden="true" />
            ),
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
        }))}
      />
      {all ? (
        <Link href={all} className="lbl">
          All entries in the log
        </Link>
      ) : null}
    </>
  );
}
