/** First letters of the first and last name; for a machine name the first two letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  const letters = last
    ? [...first].slice(0, 1).join("") + [...last].slice(0, 1).join("")
    : [...first].slice(0, 2).join("");
  return letters.toLocaleUpperCase("en");
}

/** A person's initials in a ring. Decorative beside a name. */
export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  return (
    <span className={small ? "av s" : "av"} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** Initials and name, with a role or unit beside it. */
export function Person({ name, title }: { name: string; title?: string }) {
  return (
    <span className="row" style={{ display: "inline-flex" }}>
      <Avatar name={name} small />
      <span>
        {name}
        {title ? <span className="mut">, {title}</span> : null}
      </span>
    </span>
  );
}
