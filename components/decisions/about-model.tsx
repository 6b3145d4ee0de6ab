import Link from "next/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { AdrStatus } from "@/lib/decisions/madr";

type Item = { ref: string; title: string; status: AdrStatus; supersededBy: string | null; updatedAt: Date };

/** The newest decisions about a model, with the way to all of them and to a new one. */
export function ModelDecisions({ model, items, total }: { model: string; items: readonly Item[]; total: number }) {
  const name = encodeURIComponent(model);
  return (
    <>
      {items.length === 0 ? <p className="mut">No decision about this model is written down yet.</p> : null}
      <ul>
        {items.map((item) => (
          <li key={item.ref} className="row w" style={{ padding: "6px 0" }}>
            <span className="mono mut">{item.ref}</span>
            <Link href={`/decisions/${item.ref}`}>{item.title}</Link>
            <span className="sp" />
            <Status state={item.status} word={item.supersededBy ? `Superseded by ${item.supersededBy}` : undefined} />
            <When at={item.updatedAt} />
          </li>
        ))}
      </ul>
      <p style={{ marginTop: 8 }}>
        {total > items.length ? <Link href={`/decisions?model=${name}`}>All {total} decisions</Link> : null}{" "}
        <Link href={`/decisions/new?model=${name}`}>New decision</Link>
      </p>
    </>
  );
}
