import { sayDay, sayMinute } from "@/lib/core/say-day";
import type { Fact } from "@/lib/facts/fact";

/** What a fact's key stands for, from the catalogue: `meaning` is a phrase with a full stop. */
export type Described = { type: string; meaning: string; unit: string | null; maxAgeDays: number | null };
type Seen = Pick<Fact, "key" | "value" | "collectedAt" | "source">;
type About = (key: string) => Described | null;

/** A key's meaning as the beginning of a sentence, without its full stop; the key itself where the catalogue has none. */
const named = (key: string, about: About): string => about(key)?.meaning.replace(/\.$/, "") ?? key;
const inside = (phrase: string): string =>
  /^[A-Z][a-z]/.test(phrase) ? `${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}` : phrase;

function said(value: unknown, known: Described | null): string {
  if (value === "" || value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (known?.type === "instant") return sayMinute(new Date(String(value)));
  if (typeof value === "number") return counted(value, known);
  const text = typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
  if (text === "") return "none";
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

// Made once: making one costs more than a hundred numbers written with it.
const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** A number with its unit, `1 day`, `12,400 EUR`; what the meaning names already (`SLOs defined: 3`) is not said again. */
function counted(value: number, known: Described | null): string {
  const text = exact.format(value);
  const unit = known?.unit;
  if (!unit || known.meaning.toLowerCase().includes(unit.toLowerCase())) return text;
  return `${text} ${/^[a-z]{3,}$/.test(unit) && value !== 1 ? `${unit}s` : unit}`;
}

/** Everything that was seen, each with its value, and where from. */
export function seenInWords(used: readonly Seen[], about: About): string {
  if (used.length === 0) return "";
  const parts = used.map((f) => `${named(f.key, about)}: ${said(f.value, about(f.key))}.`);
  return `${parts.join(" ")} (${sources(used)})`;
}

const sources = (used: readonly Seen[]) => [...new Set(used.map((f) => f.source.name))].join(", ");

const key = String.raw`([a-z_]+\.[a-z_]+)`;
const bound: Readonly<Record<string, string>> = {
  "==": "must be",
  "!=": "must not be",
  ">=": "must be at least",
  ">": "must be more than",
  "<=": "must be at most",
  "<": "must be less than",
};
const shapes = {
  yes: new RegExp(`^${key}$`),
  no: new RegExp(`^!${key}$`),
  given: new RegExp(`^${key} != (''|"")$`),
  number: new RegExp(String.raw`^${key} (==|!=|>=|>|<=|<) (\d+(?:\.\d+)?)$`),
  text: new RegExp(`^${key} (==|!=) ['"]([^'"]+)['"]$`),
  two: new RegExp(`^${key} (==|!=|>=|>|<=|<) ${key}$`),
  recent: new RegExp(String.raw`^now - ${key} < duration\(['"](\d+)h['"]\)$`),
};

/** Why a part of a rule does not hold, from its shape: what was found, what it must be, and who said so. */
export function brokenInWords(source: string, used: readonly Seen[], about: About): string {
  const of = (name: string | undefined) => used.find((f) => f.key === name);
  const value = (name = "") => said(of(name)?.value, about(name));
  const from = used.length > 0 ? ` (${sources(used)})` : "";
  const text = source.trim().replace(/^\((.*)\)$/, "$1");
  const [, yes] = shapes.yes.exec(text) ?? [];
  if (yes) return `Not so: ${inside(named(yes, about))}.${from}`;
  const [, no] = shapes.no.exec(text) ?? [];
  if (no) return `${named(no, about)}.${from}`;
  const [, given] = shapes.given.exec(text) ?? [];
  if (given) return `${named(given, about)}: none is given.${from}`;
  const [, counted_, op = "", number = ""] = shapes.number.exec(text) ?? [];
  if (counted_)
    return `${named(counted_, about)}: ${value(counted_)}; it ${bound[op]} ${counted(Number(number), about(counted_))}.${from}`;
  const [, worded, is = "", word] = shapes.text.exec(text) ?? [];
  if (worded) return `${named(worded, about)}: ${value(worded)}; it ${bound[is]} ${word}.${from}`;
  const [, left, than = "", right] = shapes.two.exec(text) ?? [];
  if (left && right)
    return `${named(left, about)}: ${value(left)}; it ${bound[than]} ${value(right)} (${inside(named(right, about))}).${from}`;
  const [, when, hours = ""] = shapes.recent.exec(text) ?? [];
  if (when) return `${named(when, about)}: ${value(when)}; it may be at most ${span(Number(hours))} ago.${from}`;
  return `Not met. ${seenInWords(used, about)}`.trim();
}

const span = (hours: number): string =>
  hours % 24 === 0 && hours >= 48 ? `${hours / 24} days` : `${hours} ${hours === 1 ? "hour" : "hours"}`;

/** What keeps an answer from being given: what nobody reported, or reported too long ago. */
export function missingInWords(
  missing: readonly { key: string; cause: "not_connected" | "no_data" | "stale"; from: string }[],
  used: readonly Seen[],
  about: About,
): string {
  return missing
    .map(({ key, cause, from }) => {
      const what = named(key, about);
      if (cause === "stale") {
        const fact = used.find((f) => f.key === key);
        const days = about(key)?.maxAgeDays ?? 0;
        return `${what}: last read ${fact ? `${sayDay(fact.collectedAt)} from ${fact.source.name}` : "long ago"}; it counts for ${days} ${days === 1 ? "day" : "days"}.`;
      }
      if (from === "Countersign") return `Nobody has entered this in the portal yet: ${inside(what)}.`;
      return cause === "no_data"
        ? `${from} has not reported this: ${inside(what)}.`
        : `Nothing is connected that reports this: ${inside(what)}. Connect ${from}, or push the fact ${key}.`;
    })
    .join(" ");
}
