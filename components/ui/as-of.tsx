import { CalendarClock, History } from "lucide-react";
import Link from "./link";
import { type Params, withParams } from "./urls";

/** What a page that can be read as of the past needs to say so: its path, its address's values, and the instant (null: today). */
type Past = { path: string; params: Params; at: Date | undefined };

/** Above a page of the past, so that nobody takes it for the present. Nothing when the page is of today. */
export function AsOfBar({ path, params, at }: Past) {
  if (!at) return null;
  return (
    <div className="notice care asof-bar" role="status">
      <History className="i" aria-hidden="true" />
      <div>
        <b>As of {dayAndTime(at)}.</b> You see what was on record then. Nothing can be done here.
      </div>
      <Link href={withParams(path, params, { asof: null, after: null })}>Back to today</Link>
    </div>
  );
}

/** Among a page's actions: choose a day, and the page is shown as it was on record at its end. */
export function AsOfChoice({ path, params, at }: Past) {
  const kept = Object.entries(params).flatMap(([key, value]) =>
    key === "asof" || key === "after" || value === undefined
      ? []
      : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, one]),
  );
  return (
    <details className="asof no-print">
      <summary className="btn q">
        <CalendarClock className="i" aria-hidden="true" />
        As of
      </summary>
      <form method="get" action={path} className="menu">
        {kept.map(([key, value]) => (
          <input key={`${key}=${value}`} type="hidden" name={key} value={value} />
        ))}
        <label>
          Day
          <input
            type="date"
            name="asof"
            className="inp"
            required
            max={new Date().toISOString().slice(0, 10)}
            defaultValue={at?.toISOString().slice(0, 10)}
          />
        </label>
        <button type="submit" className="btn">
          Show
        </button>
      </form>
    </details>
  );
}

const dayAndTime = (at: Date): string => {
  const day = at.toLocaleDateString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  const iso = at.toISOString();
  return iso.endsWith("T23:59:59.999Z") ? `${day}, end of the day` : `${day}, ${iso.slice(11, 19)} UTC`;
};
