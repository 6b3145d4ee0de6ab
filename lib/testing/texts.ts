import { existsSync } from "node:fs";
import path from "node:path";
import { factsEnv } from "@/lib/checks/facts-env";
import type { Content } from "@/lib/content/load";
import { factKey } from "@/lib/facts/catalogue";
import { outline } from "@/lib/markdown/outline";

/** What tests of the shipped texts look at. */
type Text = { markdown: string };

const fences = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** Sources of the diagrams. */
export const diagramsOf = (t: Text): string[] =>
  [...t.markdown.matchAll(fences)].filter((m) => m[1] === "mermaid").map((m) => m[2] ?? "");

const prose = (t: Text): string => t.markdown.replaceAll(fences, "");

/** Words outside of code and diagrams. */
export const wordsOf = (t: Text): number =>
  prose(t)
    .split(/\s+/)
    .filter((w) => /[\p{L}\d]/u.test(w)).length;

const quoted = (t: Text): string[] => [...prose(t).matchAll(/`([^`\n]+)`/g)].map((m) => m[1] ?? "");

/** Readiness items that the text names. */
export const itemsNamedIn = (t: Text): string[] => quoted(t).filter((q) => /^[a-z]{3}-\d$/.test(q));

/** What looks like a fact of the catalogue and is none. */
export const unknownFactsIn = (t: Text): string[] =>
  quoted(t).filter(
    (q) => /^[a-z]+\.[a-z_]+$/.test(q) && factsEnv.families.has(q.slice(0, q.indexOf("."))) && !factKey(q),
  );

/** Links that lead nowhere: to no page of the portal, no pattern or guidance, or no heading. */
export function deadLinksIn(t: Text, content: Content): string[] {
  const targets = [...prose(t).matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1] ?? "");
  return targets.filter((href) => {
    if (href.startsWith("https://")) return false;
    const [, page = "", anchor] = /^([^#]*)(?:#(.+))?$/.exec(href) ?? [];
    const [, area, id] = /^\/(patterns|guidance)\/([a-z0-9-]+)$/.exec(page) ?? [];
    const texts: readonly (Text & { id: string })[] = area === "guidance" ? content.guides : content.patterns;
    const target = page === "" ? t : texts.find((other) => other.id === id);
    if (target) return anchor !== undefined && !outline(target.markdown).some((h) => h.id === anchor);
    return !existsSync(path.join(process.cwd(), "app", "(portal)", page, "page.tsx"));
  });
}
