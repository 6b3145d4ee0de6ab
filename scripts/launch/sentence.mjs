// One clear sentence for whatever stops a start.

/** A fault with a remedy that the person who started the portal can apply. */
export class Sentence extends Error {}

/**
 * What to print for an error: the sentence itself, a sentence for the faults of the machine that we know, or the whole
 * error, because then it is a fault of ours.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceFor(error) {
  if (error instanceof Sentence) return error.message;
  const chain = [];
  for (let e = error; e instanceof Error && chain.length < 8; e = e.cause) chain.push(e);
  const text = chain.map((e) => `${e.message}\n${stderrOf(e)}`).join("\n");
  const code = chain.map((e) => ("code" in e ? e.code : "")).find(Boolean);
  const where = error instanceof Error && "path" in error ? ` (${error.path})` : "";
  if (code === "ENOSPC" || code === "53100" || /no space left on device|ENOSPC/i.test(text)) {
    return `The disk is full${where}. Free some space, or set DATA_DIR to a folder on a larger disk, and start again.`;
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return `Not allowed to write${where}. Give this user the folder, or set DATA_DIR to one it can write to.`;
  }
  const whole = chain.map((e) => `${e.stack}\n${stderrOf(e)}`).join("\ncaused by ");
  return `Countersign could not start.\n${whole || String(error)}`;
}

/** @param {Error} error */
const stderrOf = (error) => ("stderr" in error && error.stderr ? String(error.stderr) : "");
