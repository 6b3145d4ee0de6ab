import { ButtonLink } from "@/components/ui/button";
import { Due } from "@/components/ui/due";
import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import type { QueueItem } from "@/lib/queue/queue";

/** One thing that waits: id, title over why, lane over promise, date over days left, one action. */
export function QueueRow({ item, left, primary }: { item: QueueItem; left: number | null; primary: boolean }) {
  return (
    <li className="qr">
      <div className="id">
        <span>{item.ref}</span>
        <span className="only-m" style={{ fontFamily: "var(--sans)" }}>
          {item.lane}
        </span>
      </div>
      <div className="what">
        <div className="tt trunc">
          <Link href={item.href} className="plain">
            {item.title}
          </Link>
        </div>
        <div className="wm trunc">
          {item.model ? <span className="mono">{item.model}</span> : null}
          {item.why}
        </div>
      </div>
      <div className="lane">
        <b>{item.lane}</b>
        {item.promise}
      </div>
      {item.due === null ? (
        <div className="due">
          <span>
            <When at={item.since} show="day" />
          </span>
          <small>waits since then</small>
        </div>
      ) : (
        <Due on={item.due} left={left} late={item.owed?.late} />
      )}
      <ButtonLink
        href={item.href}
        tone={primary ? "primary" : "act"}
        className="act"
        aria-label={`${item.action}: ${item.ref} ${item.title}`}
      >
        {item.action}
      </ButtonLink>
    </li>
  );
}
