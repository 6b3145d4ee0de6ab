import { Hourglass } from "lucide-react";
import type { ReactNode } from "react";

/** One coded reason why the gate denies: the fact, and who can unblock it how. Put cards into a `.panel`. */
export function ReasonCard({
  number,
  code,
  children,
  who,
  how,
  action,
}: {
  number: number;
  code: string;
  children: ReactNode;
  who: ReactNode;
  how?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="reason">
      <span className="n">{number}</span>
      <div>
        <div className="code">{code}</div>
        <div className="tx">{children}</div>
      </div>
      <div className="who">
        <b>{who}</b>
        {how}
        {action ? <div style={{ marginTop: 8 }}>{action}</div> : null}
      </div>
    </div>
  );
}

/** What does not block yet but will: below a dashed line. */
export function SoonReason({ code, children }: { code: string; children: ReactNode }) {
  return (
    <div className="reason-soon">
      <Hourglass className="i" aria-hidden="true" />
      <span>
        <span className="code">{code}</span> {children}
      </span>
    </div>
  );
}
