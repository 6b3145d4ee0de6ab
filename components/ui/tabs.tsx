import type { ReactNode } from "react";
import Link from "./link";

/** Views of one subject, each with its own address. */
export function Tabs({
  label,
  items,
}: {
  label: string;
  items: readonly { href: string; name: ReactNode; on: boolean; count?: number }[];
}) {
  return (
    <nav className="toc" aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className={item.on ? "on" : undefined}
          aria-current={item.on ? "page" : undefined}
        >
          {item.name}
          {item.count === undefined ? null : <span className="mut"> {item.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** A switch between a few readings of the same list, each with its own address. */
export function Segmented({
  label,
  items,
}: {
  label: string;
  items: readonly { href: string; name: ReactNode; on: boolean }[];
}) {
  return (
    <nav className="seg" aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className={item.on ? "on" : undefined}
          aria-current={item.on ? "true" : undefined}
          scroll={false}
        >
          {item.name}
        </Link>
      ))}
    </nav>
  );
}
