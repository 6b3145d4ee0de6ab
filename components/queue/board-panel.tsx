import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { enough, type LaneRecord } from "@/lib/queue/queue";

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
  lanes: readonly LaneRecord[];
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
            <Lane key={lane.lane} record={lane} />
          ))}
          <p className="lbl" style={{ padding: "8px 0 4px" }}>
            A promise is met when 85 % of decisions land inside it.
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

function Lane({ record }: { record: LaneRecord }) {
  const { median, p85, promise } = record;
  const most = Math.max(promise * 1.4, p85 ?? 0, 1);
  const at = (days: number) => `${Math.min(100, (days / most) * 100)}%`;
  return (
    <div className="lm">
      <div className="row">
        <span className="b">{record.lane}</span>
        <span className="sp" />
        {record.met === null ? (
          <Status state="cannot_tell" />
        ) : (
          <Status state={record.met ? "met" : "missed"} word={record.met ? "Promise met" : "Promise missed"} />
        )}
      </div>
      {median === null || p85 === null ? null : (
        <div className="track" aria-hidden="true">
          <i className="span" style={{ left: at(median), width: `${Math.max(0.5, ((p85 - median) / most) * 100)}%` }} />
          <i className="med" style={{ left: at(median) }} />
          <i className="pr" style={{ left: at(promise) }} />
        </div>
      )}
      <div className="lbl">
        {record.met === null
          ? `${record.decided} decided; fewer than ${enough} say little. Promise ${promise}`
          : `Median ${median}, p85 ${p85}, promise ${promise}`}
      </div>
    </div>
  );
}
