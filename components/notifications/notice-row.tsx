import { Due } from "@/components/ui/due";
import { When } from "@/components/ui/when";
import { businessDaysBetween } from "@/lib/core/business-days";
import { kindName, type NoticeLine } from "@/lib/notifications/notification";
import { OpenNotice } from "./open-notice";

/** One notification: what happened, over what is asked; the thing; by when. */
export function NoticeRow({ line, today }: { line: NoticeLine; today: string }) {
  return (
    <li className={line.read ? "nr" : "nr new"}>
      <span className="dot" aria-hidden="true" />
      <div className="what">
        <OpenNotice href={line.href}>{line.what}</OpenNotice>
        <div className="wm">
          {line.ask ? <b>{line.ask}</b> : null}
          <span>{kindName[line.kind]}</span>
        </div>
      </div>
      <div className="mono thing">{line.thing}</div>
      <div className="when">
        <When at={line.at} show="relative" />
      </div>
      {line.dueOn ? <Due on={line.dueOn} left={businessDaysBetween(today, line.dueOn)} /> : <span />}
    </li>
  );
}
