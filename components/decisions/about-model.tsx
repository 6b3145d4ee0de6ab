import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { AdrStatus } from "@/lib/decisions/madr";

type Item = { ref: string; title: string; status: AdrStatus; supersededBy: string | null; updatedAt: Date };

type Break = { ref: string; check: string; title: string; why: string; since: Date };

/** The checks of decisions that a model breaks; the newest decisions about it, with the way to all of them and to a new one. */
export function ModelDecisions({
  model,
  items,
  total,
  breaks,
}: {
  model: string;
  items: readonly Item[];
  total: number;
  breaks: readonly Break[];
}) {
  const name = encodeURIComponent(model);
  return (
    <>
      {breaks.length > 0 ? (
        <ul aria-label="Checks of decisions that this model breaks">
          {breaks.map((one) => (
            <li key={`${one.ref} ${one.check}`} style={{ padding: "6px 0" }}>
              <div className="row w">
                <Status state="fail" word={`Breaks a check of ${one.ref}`} />
                <Link href={`/decisions/${one.ref}#check-${one.check}`}>{one.title}</Link>
                <span className="sp" />
                <span className="lbl">
                  since <When at={one.since} />
                </span>
              </div>
              <div className="lbl">{one.why}</div>
            </li>
          ))}
        </ul>
      ) : null}
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
