import Link from "@/components/ui/link";

/** A count that leads to its rows; nothing leads nowhere. */
export function Count({ n, href }: { n: number; href: string }) {
  return n > 0 ? <Link href={href}>{num(n)}</Link> : <span className="mut">0</span>;
}

export const num = (n: number): string => n.toLocaleString("en-GB");

export const many = (n: number, noun: string): string => `${num(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Euros as a few digits: €1.2M. */
export const eur = (value: number): string =>
  `€${value.toLocaleString("en-GB", { maximumFractionDigits: 1, notation: "compact" })}`;

/** Makes an address one of the instant that the page is read as of. */
export type Then = (href: string) => string;
