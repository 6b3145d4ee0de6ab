import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import { ReviewState } from "./review-state";

type Shown = {
  id: string;
  incident: string;
  title: string;
  severity: number;
  startedAt: string;
  state: "open" | "published" | null;
  overdue: boolean;
};

/** The last incidents of a model, each with where its review stands. */
export function ModelIncidents({ items, model, more }: { items: readonly Shown[]; model: string; more: boolean }) {
  return (
    <>
      <ul>
        {items.map((i) => (
          <li key={i.id} className="row w" style={{ padding: "4px 0" }}>
            <Link href={`/reviews/incidents/${i.incident}`}>{i.title}</Link>
            <span className="lbl">
              {i.incident}, severity {i.severity}, <When at={i.startedAt} />
            </span>
            <span className="sp" />
            <ReviewState incident={i} />
          </li>
        ))}
      </ul>
      {more ? (
        <p>
          <Link href={`/reviews/incidents?model=${encodeURIComponent(model)}`}>All incidents</Link>
        </p>
      ) : null}
    </>
  );
}
