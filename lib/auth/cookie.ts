import "server-only";

/** The session cookie. Host-only and __Secure- over TLS; never sent to the signing origin, which is another host. */
export const cookieName = (secure: boolean): string =>
  secure ? "__Secure-authjs.session-token" : "authjs.session-token";

/** The session's secret among a request's cookies, if any. */
export function sessionCookie(cookies: { get: (name: string) => { value: string } | undefined }): string | null {
  return cookies.get(cookieName(true))?.value ?? cookies.get(cookieName(false))?.value ?? null;
}
