import { isLoud, kindName, type MailChoice, type NoticeKind } from "./notification";

/** One notification as a mail tells it. */
export type MailLine = {
  kind: NoticeKind;
  thing: string;
  what: string;
  ask: string;
  dueOn: string | null;
  href: string;
  thread: string;
};

/** A mail before it has a form: header values on one line, each part in two voices. */
export type Mail = {
  messageId: string;
  /** Ids of the threads it belongs to; a thread has one although no mail carries it. */
  references: string | null;
  subject: string;
  text: string;
  html: string;
  /** Null for what nobody can turn off. */
  unsubscribe: { page: string; post: string } | null;
};

type Given = {
  id: string;
  lines: readonly MailLine[];
  digest: boolean;
  publicUrl: string;
  /** Where this kind of mail is turned off, page and one-click address. */
  unsubscribe: { page: string; post: string };
};

/** Lines that one digest lists. */
export const mostInDigest = 100;

/** A header's value is one line: whatever else a name or a title holds becomes a space. */
export const oneLine = (text: string, most = 150): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, " ").trim();
  return flat.length > most ? `${flat.slice(0, most - 1).trimEnd()}…` : flat;
};

const host = (publicUrl: string) => new URL(publicUrl).hostname;
const thread = (line: MailLine, publicUrl: string) =>
  `<thread.${line.thread.replaceAll(/[^a-zA-Z0-9.-]/g, ".").slice(0, 100)}@${host(publicUrl)}>`;
const asked = (line: MailLine) => (line.ask ? `${line.ask}${line.dueOn ? ` By ${sayDay(line.dueOn)}.` : ""}` : "");
const sayDay = (day: string) =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const html = (text: string) => text.replaceAll(/[&<>"']/g, (c) => escapes[c] ?? c);

/** The mail about one thing, or the digest of a day. */
export function compose(given: Given): Mail {
  const { lines, digest, publicUrl } = given;
  const [first] = lines;
  if (!first) throw new Error("A mail tells at least one thing.");
  const unsubscribe = !digest && isLoud(first.kind) ? null : given.unsubscribe;
  const url = (line: MailLine) => `${publicUrl}${line.href}`;
  const shown = lines.slice(0, mostInDigest);
  const asks = shown.filter((l) => l.ask);
  const tells = shown.filter((l) => !l.ask);
  const more = lines.length > shown.length ? `And ${lines.length - shown.length} more: ${publicUrl}/notifications` : "";
  const why = digest
    ? "You get this digest once a day."
    : unsubscribe
      ? `You get this because of “${kindName[first.kind]}” among your notifications.`
      : "You get this because the release gate is opened in an emergency only with everyone's knowledge. It cannot be turned off.";
  const settings = `${publicUrl}/account/notifications`;

  const subject = digest
    ? `${lines.length} ${lines.length === 1 ? "notification" : "notifications"}${asks.length > 0 ? `, ${asks.length} ${asks.length === 1 ? "asks" : "ask"} something of you` : ""}`
    : [...first.thing.split(", ").filter((part) => !first.what.includes(part)), first.what].join(": ");
  const plain = (line: MailLine) => [`${oneLine(line.what, 500)}`, asked(line), url(line)].filter(Boolean).join("\n");
  const rich = (line: MailLine) =>
    `<p style="margin:0 0 16px"><a href="${html(url(line))}">${html(oneLine(line.what, 500))}</a>${line.ask ? `<br><b>${html(asked(line))}</b>` : ""}<br><span style="color:#666">${html(line.thing)}</span></p>`;
  const section = (
    title: string,
    some: readonly MailLine[],
    form: (l: MailLine) => string,
    head: (t: string) => string,
  ) => (some.length > 0 ? [...(digest ? [head(title)] : []), ...some.map(form)] : []);
  const text = [
    ...section("Asked of you", asks, plain, (t) => t.toUpperCase()),
    ...section("What happened", tells, plain, (t) => t.toUpperCase()),
    more,
    `-- \n${why}${unsubscribe ? `\nChange it: ${settings}\nNo more mail like this: ${unsubscribe.page}` : ""}`,
  ];
  const body = [
    ...section("Asked of you", asks, rich, (t) => `<h2 style="font-size:16px">${t}</h2>`),
    ...section("What happened", tells, rich, (t) => `<h2 style="font-size:16px">${t}</h2>`),
    more ? `<p>${html(more)}</p>` : "",
    `<p style="color:#666;border-top:1px solid #ccc;padding-top:8px">${html(why)}${unsubscribe ? ` <a href="${html(settings)}">Change it</a> · <a href="${html(unsubscribe.page)}">No more mail like this</a>` : ""}</p>`,
  ];
  return {
    messageId: `<${given.id}@${host(publicUrl)}>`,
    references: digest ? null : thread(first, publicUrl),
    subject: oneLine(subject),
    text: `${text.filter(Boolean).join("\n\n")}\n`,
    html: `<!doctype html><html lang="en"><body style="font:14px/1.5 system-ui,sans-serif;max-width:640px">${body.join("")}</body></html>`,
    unsubscribe,
  };
}

/** What turning mail off may do to a choice: it lowers, and never raises. */
export const lowered = (choice: MailChoice, what: "digest" | "kind"): MailChoice =>
  what === "kind" || choice === "digest" ? "portal" : choice;
