const words: Readonly<Record<string, string>> = {
  kpis: "KPIs",
  new: "New",
  people: "People",
  tokens: "API tokens",
  units: "Business units",
  "use-cases": "Use cases",
  "office-hours": "Office hours",
  "break-glass": "Break-glass",
  assets: "Assets",
  import: "Import",
  account: "My account",
  health: "Health",
  keys: "My keys",
  notifications: "Notifications",
  chat: "Chat channels",
};

export type Crumb = { href: string; name: string };

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What stands for an id that nobody reads, by the folder it is in. */
const one: Readonly<Record<string, string>> = {
  connections: "Connection",
  people: "Person",
  assets: "Asset",
  import: "Import",
};

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
  return parts.map((part, i) => ({
    href: `/${parts.slice(0, i + 1).join("/")}`,
    name: uuid.test(part) ? (one[parts[i - 1] ?? ""] ?? part.slice(0, 8)) : nameOf(part, i === 0),
  }));
}
