import type { ReactNode } from "react";

/** An area we know nothing about (yet): hatched, with the word on a clear patch. Give it the height of what is missing. */
export function Hatched({ children = "Unknown", height = 72 }: { children?: ReactNode; height?: number }) {
  return (
    <div className="hatch hatched" style={{ minHeight: height }}>
      <span>{children}</span>
    </div>
  );
}
