import "server-only";

/** The session cookie. Host-only and __Secure- over TLS; never sent to the signing origin, which is another host. */
export const cookieName = (secure: boolean): string =>
  secure ? "__Secure-authjs.session-token" : "authjs.session-token";

export const cookieOptions = (secure: boolean) =>
  ({ httpOnly: true, sameSite: "lax", path: "/", secure }) as const satisfies Record<string, unknown>;

/** The session's secret among a request's cookies, if any. */
export function sessionCookie(cookies: { get: (name: string) => { value: string } | undefined }): string | null {
  return cookies.get(cookieName(true))?.value ?? cookies.get(cookieName(false))?.value ?? null;
}
