// A real OpenID provider (oidc-provider, certified) for tests: everyone it knows is signed in at once, or by one button.
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** @typedef {{ sub: string, email?: string, email_verified?: boolean, name?: string, groups?: string[] }} Account */
/**
 * @typedef {{
 *   issuer: string,
 *   clientId: string,
 *   clientSecret: string,
 *   accounts: Map<string, Account>,
 *   signInAs: (sub: string) => void,
 *   ask: (yes: boolean) => void,
 *   close: () => Promise<void>,
 * }} OidcServer
 */

/**
 * Starts a provider on a free port of this machine, with one client that must use PKCE.
 * @param {string} redirectUri the portal's callback address
 * @param {number} [port]
 * @returns {Promise<OidcServer>}
 */
export async function oidcServer(redirectUri, port = 0) {
  const http = createServer();
  await new Promise((resolve) => http.listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = http.address();
  const issuer = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const clientId = "countersign";
  const clientSecret = "a-client-secret-of-the-test-server";
  /** @type {Map<string, Account>} */
  const accounts = new Map();
  let next = "";
  let asks = false;

  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    scopes: ["openid", "profile", "email", "offline_access"],
    claims: { openid: ["sub"], profile: ["name", "groups"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["test"] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => accounts.get(sub) ?? { sub } }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  http.on("request", async (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return callback(request, response);
    if (asks && request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(
        `<!doctype html><title>Provider</title><form method="post"><button>Sign in at the provider</button></form>`,
      );
      return;
    }
    if (next === "") {
      await provider.interactionFinished(request, response, { error: "access_denied" });
      return;
    }
    await provider.interactionFinished(request, response, { login: { accountId: next, remember: false } });
  });

  return {
    issuer,
    clientId,
    clientSecret,
    accounts,
    signInAs: (sub) => {
      next = sub;
    },
    ask: (yes) => {
      asks = yes;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve(undefined));
        http.closeAllConnections();
      }),
  };
}
