/** Where to go after sign-in: a path of this site, never another site; "/" for anything else. */
export function safeNext(value: unknown): string {
  if (typeof value !== "string" || value.length > 1000 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return "/";
  return value.startsWith("/sign-in") ? "/" : value;
}
