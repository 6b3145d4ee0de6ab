/**
 * Whether a path fits a pattern: `*` and `?` stay inside one folder, `**` spans any number of them, `{a,b}` either. Works on
 * parts with a table of what was tried, so that no pattern takes longer than parts times parts.
 */
export function fits(path: string, glob: string): boolean {
  return braces(glob).some((one) => {
    const wanted = one.split("/");
    const parts = path.split("/");
    const tried = new Map<number, boolean>();
    const from = (w: number, p: number): boolean => {
      const key = w * (parts.length + 1) + p;
      const before = tried.get(key);
      if (before !== undefined) return before;
      const part = wanted[w];
      const here = parts[p];
      const found =
        part === undefined
          ? p === parts.length
          : part === "**"
            ? from(w + 1, p) || (p < parts.length && from(w, p + 1))
            : here !== undefined && partFits(here, part) && from(w + 1, p + 1);
      tried.set(key, found);
      return found;
    };
    return from(0, 0);
  });
}

/** Alternatives in braces, one level deep. */
function braces(glob: string): string[] {
  const found = /\{([^{}]*)\}/.exec(glob);
  if (!found) return [glob];
  const [all, inner = ""] = found;
  return inner.split(",").map((one) => glob.replace(all, () => one));
}

function partFits(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (pattern[p] === "?" || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
