const words: Readonly<Record<string, string>> = {
  kpis: "KPIs",
  new: "New",
  people: "People",
  tokens: "API tokens",
  units: "Business units",
  account: "My account",
  health: "Health",
  keys: "My keys",
};

export type Crumb = { href: string; name: string };

/** Refs and names stay as they are; folders of the site get their word. */
function nameOf(segment: string, first: boolean): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // A malformed escape in the address is shown as it was typed.
    return segment;
  }
  const known = words[text];
  if (known) return known;
  if (!first && !/^[a-z]{4,12}$/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The way from the area to this page, from its address. */
export function crumbsOf(pathname: string): Crumb[] {
  const parts = pathname.split("/").filter(Boolean);
  if (parts.length === 0) return [{ href: "/", name: "Home" }];
  return parts.map((part, i) => ({ href: `/${parts.slice(0, i + 1).join("/")}`, name: nameOf(part, i === 0) }));
}
