import { Hourglass, TriangleAlert } from "lucide-react";
import { When } from "./when";

const days = (n: number) => `${n} business ${n === 1 ? "day" : "days"}`;

/** A promised date (YYYY-MM-DD) over the business days that are left. null: no date was promised. */
export function Due({ on, left }: { on: string | null; left: number | null }) {
  if (on === null || left === null) {
    return (
      <div className="due">
        <span className="mut">No date</span>
      </div>
    );
  }
  return (
    <div className={left < 0 ? "due over" : left <= 1 ? "due soon" : "due"}>
      <When at={on} show="day" />
      <small>
        {left < 0 ? <TriangleAlert className="i s12" aria-hidden="true" /> : null}
        {left === 0 || left === 1 ? <Hourglass className="i s12" aria-hidden="true" /> : null}
        {left < 0 ? `${days(-left)} over` : left === 0 ? "due today" : `${days(left)} left`}
      </small>
    </div>
  );
}
