import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { Outcome } from "@/lib/reviews/review";

type Precedent = {
  ref: string;
  title: string;
  model: string;
  outcome: Outcome;
  decidedAt: string;
  why: string[];
  conditions: string[];
};

/** How the board decided like cases, and what it asked for. */
export function Precedents({ items }: { items: readonly Precedent[] }) {
  if (items.length === 0) return <p className="mut">The board has not decided a similar case yet.</p>;
  return (
    <ul className="prec">
      {items.map((p) => (
        <li key={p.ref}>
          <div className="row w">
            <Link href={`/reviews/${p.ref}`} className="b">
              {p.ref}
            </Link>
            <span>{p.title}</span>
            <span className="sp" />
            <Status state={p.outcome} />
          </div>
          <div className="lbl">
            <span className="mono">{p.model}</span>, <When at={p.decidedAt} />.{" "}
            {p.why.length > 0 ? `${p.why.join(", ").replace(/^./, (c) => c.toUpperCase())}.` : ""}
          </div>
          {p.conditions.length > 0 ? (
            <ul className="asked">
              {p.conditions.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
