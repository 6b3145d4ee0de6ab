import "server-only";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import type { z } from "zod";
import { config } from "@/lib/config/config";
import { bearer, type Token, tokenAnswer } from "@/lib/connectors/bearer";
import { UpstreamFault } from "@/lib/connectors/fault";
import { type Call, type HttpLimits, httpClient } from "@/lib/connectors/http";
import { endpointsPage, modelsPage, type ServiceAccount, serviceAccount, versionShape } from "./shapes";

/** Where Vertex AI is in one region of one project, and the key file of a service account. */
export type VertexTarget = { baseUrl: string; project: string; location: string; key: string };

const scope = "https://www.googleapis.com/auth/cloud-platform";
/** A clock that is further off than this is told from a wrong key. */
const skewedMs = 60_000;

export type VertexClient = ReturnType<typeof vertexClient>;

/** The part of Vertex AI's API that Countersign uses (cloud.google.com/vertex-ai/docs/reference/rest). */
export function vertexClient(target: VertexTarget, limits: Partial<HttpLimits> = {}) {
  const cap = { timeoutMs: config().connectorTimeoutMs, ...limits };
  const account = parseKey(target.key);
  const tokens = tokenSource(account, cap);
  const http = httpClient("Vertex AI", target.baseUrl, bearer(tokens.ask), cap);
  const parent = `projects/${encodeURIComponent(target.project)}/locations/${encodeURIComponent(target.location)}`;
  const get = <S extends z.ZodType>(path: string, permission: string, schema: S) =>
    http.json({ method: "GET", path: `/v1/${path}`, permission }, schema);
  const paged = (path: string, token: string | null, size: number) => {
    const query = new URLSearchParams({
      pageSize: String(Math.min(size, 100)),
      ...(token ? { pageToken: token } : {}),
    });
    return `${path}?${query}`;
  };
  const modelPath = (id: string, version?: string) =>
    `${parent}/models/${encodeURIComponent(id)}${version === undefined ? "" : `@${encodeURIComponent(version)}`}`;
  const write = <S extends z.ZodType>(call: Omit<Call, "permission" | "repeatable">, permission: string, schema: S) =>
    http.json({ ...call, permission, repeatable: true }, schema);

  return {
    identity: account.client_email,
    models: (token: string | null, size = 100) =>
      get(paged(`${parent}/models`, token, size), "aiplatform.models.list", modelsPage),
    versions: (id: string, token: string | null, size = 100) =>
      get(paged(`${modelPath(id)}:listVersions`, token, size), "aiplatform.models.list", modelsPage),
    endpoints: (token: string | null, size = 100) =>
      get(paged(`${parent}/endpoints`, token, size), "aiplatform.endpoints.list", endpointsPage),
    /** A version by its id or one of its aliases. */
    version: (id: string, version: string) => get(modelPath(id, version), "aiplatform.models.get", versionShape),
    /** Adds aliases to a version; one with a dash before it is taken away. Each stands on one version of a model. */
    mergeAliases: (id: string, version: string, aliases: readonly string[]) =>
      write(
        {
          method: "POST",
          path: `/v1/${modelPath(id, version)}:mergeVersionAliases`,
          body: { versionAliases: aliases },
        },
        "aiplatform.models.update",
        versionShape,
      ),
    label: (id: string, version: string, labels: Readonly<Record<string, string>>) =>
      write(
        { method: "PATCH", path: `/v1/${modelPath(id, version)}?updateMask=labels`, body: { labels } },
        "aiplatform.models.update",
        versionShape,
      ),
    skewMs: http.skewMs,
    close: () => {
      http.close();
      tokens.close();
    },
  };
}

function parseKey(key: string): ServiceAccount & { signing: KeyObject } {
  const remedy = "Paste the whole JSON key file of the service account.";
  let value: unknown;
  try {
    value = JSON.parse(key);
  } catch {
    throw new UpstreamFault("unauthorized", `The key is no JSON. ${remedy}`);
  }
  const parsed = serviceAccount.safeParse(value);
  if (!parsed.success)
    throw new UpstreamFault(
      "unauthorized",
      `The key lacks ${parsed.error.issues[0]?.path.join(".") || "its fields"}. ${remedy}`,
    );
  try {
    return { ...parsed.data, signing: createPrivateKey(parsed.data.private_key) };
  } catch {
    throw new UpstreamFault("unauthorized", `The private_key in the key file cannot be read. ${remedy}`);
  }
}

/**
 * Trades a signed assertion for an access token (developers.google.com/identity/protocols/oauth2/service-account). Google refuses an
 * assertion from a clock that is off: it is then made once more with the time that Google said.
 */
function tokenSource(account: ServiceAccount & { signing: KeyObject }, limits: Partial<HttpLimits>) {
  const url = new URL(account.token_uri);
  const http = httpClient("Google's token service", url.origin, {}, limits);
  const trade = async (ahead: number): Promise<Token> => {
    const now = Math.floor((Date.now() + ahead) / 1000);
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader({
        alg: "RS256",
        typ: "JWT",
        ...(account.private_key_id ? { kid: account.private_key_id } : {}),
      })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
      .sign(account.signing);
    const answer = await http.json(
      {
        method: "POST",
        path: url.pathname,
        body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }),
        repeatable: true,
      },
      tokenAnswer,
    );
    return { token: answer.access_token, lifeMs: answer.expires_in * 1000 };
  };
  return {
    ask: async (): Promise<Token> => {
      try {
        return await trade(0);
      } catch (error) {
        const skew = http.skewMs() ?? 0;
        if (!(error instanceof UpstreamFault) || error.kind !== "unauthorized" || Math.abs(skew) < skewedMs)
          throw error;
        return trade(skew);
      }
    },
    close: http.close,
  };
}
