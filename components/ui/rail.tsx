import type { ReactNode } from "react";

export type RailItem = { id: string; mark: ReactNode; text: ReactNode; detail: ReactNode };

/** What happened, newest first, along a line. `mark` is a key print or an icon. */
export function Rail({ items, label }: { items: readonly RailItem[]; label: string }) {
  return (
    <ol className="rail" aria-label={label}>
      {items.map((item) => (
        <li key={item.id}>
          <span className="dot">{item.mark}</span>
          <div>
            <div className="e">{item.text}</div>
            <div className="d">{item.detail}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}
