/** The values of a page's address as Next gives them. */
export type Params = Readonly<Record<string, string | string[] | undefined>>;

/** The same page with some values changed; null or "" takes one away. A change of anything but `after` starts the list anew. */
export function withParams(path: string, params: Params, change: Readonly<Record<string, string | null>>): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (key in change || value === undefined || (key === "after" && !("after" in change))) continue;
    for (const one of Array.isArray(value) ? value : [value]) out.append(key, one);
  }
  for (const [key, value] of Object.entries(change)) if (value) out.set(key, value);
  const text = out.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * A header's sort link. `?sort=name` ascends, `?sort=-name` descends; a second click turns it round.
 * `usual` is the sort when the address names none.
 */
export function sortLink(
  path: string,
  params: Params,
  column: string,
  usual: string,
): { href: string; direction: "ascending" | "descending" | null } {
  const now = typeof params.sort === "string" && params.sort !== "" ? params.sort : usual;
  const direction = now === column ? "ascending" : now === `-${column}` ? "descending" : null;
  const next = direction === "ascending" ? `-${column}` : column;
  return { href: withParams(path, params, { sort: next === usual ? null : next }), direction };
}

/** What links of a page of the past carry on, so that one stays in it. */
export const asOfParam = (at: Date | undefined): { asof: string | null } => ({
  asof: at ? (at.toISOString().endsWith("T23:59:59.999Z") ? at.toISOString().slice(0, 10) : at.toISOString()) : null,
});

/** A link of a page of the past, so that its rows are of the past too. */
export function asOfLink(href: string, at: Date | undefined): string {
  const { asof } = asOfParam(at);
  return asof ? `${href}${href.includes("?") ? "&" : "?"}${new URLSearchParams({ asof })}` : href;
}
