/** The value of an Authorization header with user name and password (RFC 7617). */
export const basic = (user: string | null, password: string | null): string =>
  `Basic ${Buffer.from(`${user ?? ""}:${password ?? ""}`).toString("base64")}`;
