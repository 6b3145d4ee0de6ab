/** Where a response goes; each place has the narrowest policy that its pages work under. */
export type Place = "page" | "sign-in" | "sign" | "data";

type Options = {
  place: Place;
  nonce: string;
  /** PUBLIC_URL is https. */
  secure: boolean;
  /** `next dev` evaluates code and writes styles into the page. */
  dev: boolean;
  /** Origin of the identity provider, where a sign-in form may lead. */
  issuer: string | null;
};

/**
 * Content-Security-Policy of a response. Scripts run by nonce only, everywhere. Styles: the portal's pages allow inline ones,
 * because Mermaid writes `<style>` into its diagrams and one document lives on through soft navigation; the pages where people
 * sign in and sign have no diagrams and allow style sheets of ours only.
 */
export function contentSecurityPolicy({ place, nonce, secure, dev, issuer }: Options): string {
  if (place === "data") return "default-src 'none'; frame-ancestors 'none'; sandbox";
  const inlineStyles = place === "page" || dev;
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    ...(inlineStyles
      ? ["style-src 'self' 'unsafe-inline'"]
      : [`style-src-elem 'self' 'nonce-${nonce}'`, "style-src-attr 'unsafe-inline'"]),
    `img-src 'self' data:${place === "page" ? " blob:" : ""}`,
    "font-src 'self'",
    "connect-src 'self'",
    ...(place === "page" ? ["worker-src 'self' blob:", "manifest-src 'self'"] : []),
    `form-action 'self'${place === "sign-in" && issuer ? ` ${issuer}` : ""}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(secure ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** The other headers that every answer carries. */
export function securityHeaders({ place, secure }: Pick<Options, "place" | "secure">): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": place === "sign" ? "no-referrer" : "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy":
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self)",
    ...(secure ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
