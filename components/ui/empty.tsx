import type { ReactNode } from "react";

/** Nothing here: one sentence, the last thing that happened, one way on. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {children}
      {action ? <div>{action}</div> : null}
    </div>
  );
}
