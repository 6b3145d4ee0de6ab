import "server-only";
import { z } from "zod";
import { basic } from "@/lib/connectors/basic";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type Authorize, type HttpLimits, httpClient } from "@/lib/connectors/http";
import type { Target } from "@/lib/connectors/registry";

const token = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.coerce.number().int().min(1).max(86_400).catch(3600),
});

/** A token is renewed this long before it runs out. */
const earlyMs = 60_000;

/** The headers that sign a request in, for MLflow and everything of Databricks; OAuth tokens are asked for when they are needed. */
export function signer(
  system: string,
  target: Target,
  limits: Partial<HttpLimits>,
): Readonly<Record<string, string>> | Authorize {
  const { auth, username, secret } = target;
  switch (auth) {
    case "none":
      return {};
    case "basic":
      return { authorization: basic(username, secret) };
    case "bearer":
      return { authorization: `Bearer ${secret ?? ""}` };
    case "oauth":
      return machineToMachine(system, target, limits);
    default:
      throw new UpstreamFault("blocked", `${system} knows no sign-in called ${auth}.`);
  }
}

/** OAuth client credentials at the workspace's own token endpoint; one request for a token at a time. */
function machineToMachine(system: string, target: Target, limits: Partial<HttpLimits>): Authorize {
  let held: { header: string; until: number } | null = null;
  let asking: Promise<{ header: string; until: number }> | null = null;
  const ask = async () => {
    const http = httpClient(
      `${system}'s token endpoint`,
      target.baseUrl,
      { authorization: basic(target.username, target.secret) },
      limits,
    );
    try {
      const { access_token, expires_in } = await http.json(
        {
          method: "POST",
          path: "/oidc/v1/token",
          body: new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" }),
          repeatable: true,
        },
        token,
      );
      return { header: `Bearer ${access_token}`, until: Date.now() + expires_in * 1000 - earlyMs };
    } finally {
      http.close();
    }
  };
  return async (_request, renew) => {
    if (renew) held = null;
    if (!held || held.until < Date.now()) {
      asking ??= ask().finally(() => {
        asking = null;
      });
      held = await asking;
    }
    return { authorization: held.header };
  };
}
