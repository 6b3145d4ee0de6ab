import { LaneBar } from "@/components/reviews/lane-bar";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import type { LaneMeasure } from "@/lib/reviews/measures";

/** How the board keeps its promises, and what it promised next. */
export function BoardPanel({
  since,
  decided,
  lanes,
  sentBack,
  dissent,
  next,
}: {
  since: string;
  decided: number;
  lanes: readonly LaneMeasure[];
  sentBack: number;
  dissent: number;
  next: readonly { ref: string; title: string; promisedOn: string }[];
}) {
  return (
    <>
      <div className="h">
        <h2>Promised next</h2>
      </div>
      {next.length === 0 ? (
        <p className="ink2">No decision is promised for the coming days.</p>
      ) : (
        <ol className="ag" style={{ borderTop: "1px solid var(--line)" }}>
          {next.map((review, i) => (
            <li key={review.ref}>
              <span className="n">{i + 1}</span>
              <span>
                <Link href={`/reviews/${review.ref}`}>{review.ref}</Link> {review.title}
              </span>
              <span className="m">
                <When at={review.promisedOn} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <div className="h" style={{ marginTop: 32, marginBottom: 0 }}>
        <h2>How this board is doing</h2>
      </div>
      <p className="lbl">
        Business days to decide, {decided} since <When at={since} />
      </p>
      {lanes.length === 0 ? (
        <p className="ink2" style={{ marginTop: 8 }}>
          Nothing was decided in the last 90 days, so no promise can be judged.
        </p>
      ) : (
        <div style={{ marginTop: 4 }}>
          {lanes.map((lane) => (
            <LaneBar key={lane.lane} measure={lane} />
          ))}
          <p className="lbl" style={{ padding: "8px 0 4px" }}>
            A promise is met when 85 % of decisions land inside it. <Link href="/reviews/measures">All measures</Link>
          </p>
          <KeyValues
            wide
            items={[
              { key: "Sent back at least once", value: `${sentBack} of ${decided}` },
              { key: "Dissent recorded", value: `${dissent} of ${decided}` },
            ]}
          />
        </div>
      )}
    </>
  );
}
