import { Hourglass, TriangleAlert } from "lucide-react";
import { When } from "./when";

const days = (n: number) => `${n} business ${n === 1 ? "day" : "days"}`;

/**
 * A promised date (YYYY-MM-DD) over the business days that are left. null: no date was promised. `late`: the hour has passed,
 * which may be so on the day itself.
 */
export function Due({
  on,
  left,
  late = left !== null && left < 0,
}: {
  on: string | null;
  left: number | null;
  late?: boolean | undefined;
}) {
  if (on === null || left === null) {
    return (
      <div className="due">
        <span className="mut">No date</span>
      </div>
    );
  }
  return (
    <div className={late ? "due over" : left <= 1 ? "due soon" : "due"}>
      <When at={on} show="day" />
      <small>
        {late ? <TriangleAlert className="i s12" aria-hidden="true" /> : null}
        {!late && left <= 1 ? <Hourglass className="i s12" aria-hidden="true" /> : null}
        {left < 0 ? `${days(-left)} over` : late ? "over since today" : left === 0 ? "due today" : `${days(left)} left`}
      </small>
    </div>
  );
}
