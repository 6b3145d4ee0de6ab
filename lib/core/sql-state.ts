/** The SQLSTATE of a failed statement, wherever in the chain of causes it is; null when PostgreSQL did not refuse it. */
export function sqlState(error: unknown): string | null {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ("code" in e && typeof e.code === "string" && /^[0-9A-Z]{5}$/.test(e.code)) return e.code;
  }
  return null;
}
