import "server-only";
import { randomBytes } from "node:crypto";
import NextAuth, { type NextAuthConfig, type NextAuthResult } from "next-auth";
import type { Db } from "@/db/client";
import { database } from "@/db/client";
import { config, secrets } from "@/lib/config/config";
import type { Config } from "@/lib/config/env";
import { keyFile } from "@/lib/config/key-file";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { logLine } from "@/lib/core/log-line";
import { Refusal } from "@/lib/core/refusal";
import { admit } from "@/lib/sessions/admit";
import { adapter } from "./adapter";
import { identityOf, rolesOfGroups } from "./claims";
import { cookieName, cookieOptions } from "./cookie";

/** Name of the one provider, in addresses and in the account table. */
export const providerId = "oidc";

type Setup = {
  db: Db;
  config: Pick<Config, "secure" | "sessionHours"> & { oidc: NonNullable<Config["oidc"]> };
  clientSecret: string;
  authSecret: string;
  now: () => Date;
};

/** next-auth for one request: OIDC with PKCE, state and nonce; database sessions that end after a fixed time. */
export function authConfig(setup: Setup, userAgent: string): NextAuthConfig {
  const { db, config, now } = setup;
  const { oidc } = config;
  return {
    secret: setup.authSecret,
    trustHost: true,
    useSecureCookies: config.secure,
    adapter: adapter(db, userAgent, now),
    session: {
      strategy: "database",
      maxAge: config.sessionHours * 3600,
      generateSessionToken: () => randomBytes(32).toString("base64url"),
    },
    cookies: {
      sessionToken: {
        name: cookieName(config.secure),
        options: cookieOptions(config.secure),
      },
    },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/account" },
    providers: [
      {
        id: providerId,
        name: oidc.name,
        type: "oidc",
        issuer: oidc.issuer,
        clientId: oidc.clientId,
        clientSecret: setup.clientSecret,
        authorization: { params: { scope: oidc.scope } },
        checks: ["pkce", "state", "nonce"],
        // Ask userinfo: many providers keep e-mail and groups out of the ID token.
        idToken: false,
        profile: (claims) => ({ id: claims.sub, name: claims.name, email: claims.email }),
      },
    ],
    callbacks: {
      signIn: async ({ account, profile }) => {
        if (!account || !profile) return false;
        try {
          // The ID token's signature, issuer, audience and nonce were checked by the library before this is called.
          const claims = { ...claimsOfToken(account.id_token), ...profile };
          const { groups, ...identity } = identityOf(claims, oidc.roleClaim);
          await admit(
            { db, actor: systemActor, now, requestId: newId() },
            { provider: providerId, ...identity, roles: rolesOfGroups(groups, oidc.roleMap), signUp: oidc.signUp },
          );
          return true;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          logLine("auth.sign_in.refused", { code: error.code, reason: error.message });
          return `/sign-in?refused=${encodeURIComponent(error.message)}`;
        }
      },
    },
    logger: {
      error: (error) => logLine("auth.fault", { error: error.name, cause: causeOf(error) }),
      warn: (code) => logLine("auth.warning", { code }),
      debug: () => undefined,
    },
  };
}

/** The claims inside a JWT that was verified elsewhere. */
function claimsOfToken(token: unknown): Record<string, unknown> {
  if (typeof token !== "string") return {};
  const body: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function causeOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof Error) return cause.message;
  if (typeof cause === "object" && cause !== null && "err" in cause && cause.err instanceof Error)
    return cause.err.message;
  return error.message;
}

let instance: NextAuthResult | undefined;

/** The portal's next-auth; null when no identity provider is configured. */
export function nextAuth(): NextAuthResult | null {
  const { oidc, ...rest } = config();
  const clientSecret = secrets().oidcClientSecret;
  if (!oidc || !clientSecret) return null;
  // next-auth reads the portal's own address from here; the Host header of a request is not to be believed.
  process.env.AUTH_URL = rest.publicUrl;
  instance ??= NextAuth((request) =>
    authConfig(
      {
        db: database().db,
        config: { ...rest, oidc },
        clientSecret: clientSecret.reveal(),
        authSecret: secrets().authSecret?.reveal() ?? keyFile(rest.dataDir, "auth.key").toString("base64"),
        now: () => new Date(),
      },
      request?.headers.get("user-agent") ?? "",
    ),
  );
  return instance;
}
