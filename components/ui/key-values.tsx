import type { ReactNode } from "react";

/** Label and value pairs. `wide` puts the value at the right edge. An empty value reads as unknown, not as a blank. */
export function KeyValues({
  items,
  wide = false,
}: {
  items: readonly { key: string; value: ReactNode }[];
  wide?: boolean;
}) {
  return (
    <dl className={wide ? "kvs wide" : "kvs"}>
      {items.map((item) => (
        <div key={item.key}>
          <dt>{item.key}</dt>
          <dd>{item.value ?? <span className="mut">unknown</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
