import type { ReactNode } from "react";
import Link from "@/components/ui/link";

/** One figure of the portfolio with the rows behind it. `n` null is not known, and is hatched. */
export function Figure({ name, n, href, note }: { name: string; n: string | null; href?: string; note?: ReactNode }) {
  return (
    <div className="fig">
      <div className="lbl">{name}</div>
      {n === null ? (
        <div className="hatch hatched" style={{ minHeight: 32 }}>
          <span>Not known</span>
        </div>
      ) : (
        <div className="big">{href ? <Link href={href}>{n}</Link> : n}</div>
      )}
      {note ? <div className="lbl">{note}</div> : null}
    </div>
  );
}
