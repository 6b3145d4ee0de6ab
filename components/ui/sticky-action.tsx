import type { ReactNode } from "react";

/** The one primary action of a page in a fixed bar on small screens, with its reason. Give the desktop copy `no-m`. */
export function StickyAction({ children, reason }: { children: ReactNode; reason: ReactNode }) {
  return (
    <div className="stick only-m">
      <div className="row">
        <div>{reason}</div>
        <span className="sp" />
        {children}
      </div>
    </div>
  );
}
