"use client";
import { useInBrowser } from "./in-browser";
import { type Show, sayWhen } from "./when-text";

/**
 * An instant (ISO 8601). The server writes it in UTC; after hydration it is in the reader's zone.
 * A bare date (YYYY-MM-DD) is a calendar day and never shifts. Hover shows the exact instant.
 */
export function When({ at, show = "date" }: { at: string | Date | null; show?: Show }) {
  const inBrowser = useInBrowser();
  if (at === null) return <span className="mut">never</span>;
  const iso = typeof at === "string" ? at : at.toISOString();
  const zone = inBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
  // "4 min ago" may have become 5 between the server's clock and the browser's.
  return (
    <time
      dateTime={iso}
      title={iso.replace("T", " ").replace(/\.\d+Z$/, " UTC")}
      className="nw"
      suppressHydrationWarning
    >
      {sayWhen(iso, { show, zone, now: new Date() })}
    </time>
  );
}
