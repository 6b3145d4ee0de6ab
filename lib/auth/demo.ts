import "server-only";

/** Whether demo personas may be offered: in demo mode, and never in production beside a configured identity provider. */
export const personasOffered = (): boolean =>
  process.env.DEMO !== "off" && !(process.env.NODE_ENV === "production" && process.env.OIDC_ISSUER);
