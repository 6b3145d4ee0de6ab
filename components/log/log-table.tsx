import Link from "@/components/ui/link";
import { type Row, Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { type LogLine, subjectPage } from "@/lib/log/entry";

const place = (entry: LogLine) => (
  <Link href={`/log/${entry.index ?? entry.id}`} className="mono">
    {entry.index === null ? "…" : entry.index.toLocaleString("en-GB")}
  </Link>
);

const subject = (entry: LogLine) => {
  const href = subjectPage(entry.subject);
  return href ? (
    <Link href={href} className="quiet">
      {entry.subject.ref}
    </Link>
  ) : (
    <span className="ell">{entry.subject.ref}</span>
  );
};

const rowOf = (entry: LogLine): Row => ({
  id: entry.id,
  cells: {
    index: place(entry),
    what: (
      <>
        <b className="b">{entry.actor.name}</b> {entry.summary}
      </>
    ),
    subject: subject(entry),
    name: <span className="mono mut">{entry.kind === "signature" ? "signature" : entry.name}</span>,
    at: <When at={entry.at} show="datetime" />,
  },
  card: (
    <>
      <div className="row">
        {place(entry)}
        <span className="sp" />
        <span className="mut">
          <When at={entry.at} show="datetime" />
        </span>
      </div>
      <div>
        <b className="b">{entry.actor.name}</b> {entry.summary}
      </div>
    </>
  ),
});

/** Entries of the log, newest first. */
export function LogTable({ entries }: { entries: readonly LogLine[] }) {
  return (
    <Table
      label="Log entries"
      columns={[
        { id: "index", name: "Index", num: true, width: 64 },
        { id: "what", name: "What happened" },
        { id: "subject", name: "About", width: 170 },
        { id: "name", name: "Entry", width: 160 },
        { id: "at", name: "When", width: 110 },
      ]}
      rows={entries.map(rowOf)}
    />
  );
}
