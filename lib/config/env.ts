import path from "node:path";
import type { z } from "zod";
import { Secret } from "./secret";
import { type SettingName, settings } from "./settings";

type Values = { [K in SettingName]?: z.output<(typeof settings)[K]["schema"]> };

/** What the portal was told, with defaults. Holds nothing secret and may be shown to administrators. */
export type Config = ReturnType<typeof configOf>;

/** What must not be seen. A type of its own, so that no function that takes a Config can leak it. */
export type Secrets = ReturnType<typeof secretsOf>;

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads the environment; all faults at once, one sentence each, none of them quoting a secret's value. */
export function parseEnv(env: Env): { ok: true; config: Config; secrets: Secrets } | { ok: false; faults: string[] } {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(settings)) {
    // An empty line in a .env file means "not set".
    const text = env[name];
    if (text === undefined || text === "") continue;
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  // Each value was parsed by the schema of its own name just above.
  const given = values as Values;
  faults.push(...together(given, Object.keys(values), faults));
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, config: configOf(given), secrets: secretsOf(given) };
}

/** Faults that only show when settings are seen together. */
function together(v: Values, given: readonly string[], alone: readonly string[]): string[] {
  const faults: string[] = [];
  const oidc = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"];
  const missing = oidc.filter((name) => !given.includes(name) && !alone.some((f) => f.startsWith(`${name}:`)));
  if (missing.length > 0 && missing.length < 3)
    faults.push(`${missing.join(", ")}: needed with the other OIDC_ settings. Set all of ${oidc.join(", ")} or none.`);
  if (given.includes("SMTP_URL") && !given.includes("SMTP_FROM") && !alone.some((f) => f.startsWith("SMTP_FROM:")))
    faults.push("SMTP_FROM: needed with SMTP_URL, as in Countersign <countersign@example.com>.");
  const { portalHost, signHost, logHost } = hostsOf(v);
  const names = [portalHost, signHost, logHost].map(hostname);
  if (new Set(names).size < 3)
    faults.push("SIGN_HOST, LOG_HOST: must differ from each other and from the host of PUBLIC_URL, port aside.");
  return faults;
}

const hostname = (host: string): string => host.replace(/:\d+$/, "");

function hostsOf(v: Values) {
  const publicUrl = v.PUBLIC_URL ?? `http://localhost:${v.PORT ?? 3000}`;
  const portalHost = new URL(publicUrl).host;
  return {
    publicUrl,
    portalHost,
    signHost: v.SIGN_HOST ?? `sign.${portalHost}`,
    logHost: v.LOG_HOST ?? `log.${portalHost}`,
  };
}

function configOf(v: Values) {
  const { publicUrl, portalHost, signHost, logHost } = hostsOf(v);
  const secure = publicUrl.startsWith("https:");
  const scheme = secure ? "https" : "http";
  return {
    port: v.PORT ?? 3000,
    host: v.HOST ?? "127.0.0.1",
    /** Origin of the portal, e.g. https://countersign.example; no trailing slash. */
    publicUrl,
    secure,
    portalHost,
    signHost,
    signUrl: `${scheme}://${signHost}`,
    logHost,
    logUrl: `${scheme}://${logHost}`,
    /** Name of the log in its checkpoints. */
    logOrigin: v.LOG_ORIGIN ?? hostname(logHost),
    organisation: v.ORGANISATION_NAME ?? ((v.DEMO ?? true) ? "Halden Group" : "Countersign"),
    dataDir: path.resolve(v.DATA_DIR ?? "data"),
    embeddedDatabase: v.DATABASE_URL === undefined,
    role: v.ROLE ?? "all",
    demo: v.DEMO ?? true,
    sessionHours: v.SESSION_HOURS ?? 12,
    oidc:
      v.OIDC_ISSUER !== undefined && v.OIDC_CLIENT_ID !== undefined
        ? {
            issuer: v.OIDC_ISSUER,
            clientId: v.OIDC_CLIENT_ID,
            name: v.OIDC_NAME ?? "Single sign-on",
            scope: v.OIDC_SCOPE ?? "openid profile email",
            roleClaim: v.OIDC_ROLE_CLAIM ?? "groups",
            roleMap: v.OIDC_ROLE_MAP ?? [],
            signUp: v.OIDC_SIGN_UP ?? true,
          }
        : null,
    gateChecks: { perSecond: v.GATE_CHECKS_PER_SECOND ?? 20, burst: v.GATE_CHECKS_BURST ?? 100 },
    jobs: { width: v.JOBS_WIDTH ?? 4, pollMs: (v.JOBS_POLL_SECONDS ?? 1) * 1000 },
    decisionFolders: (v.DECISION_FOLDERS ?? "").split(":").filter((folder) => folder !== ""),
    decisionInternalHosts: v.DECISION_INTERNAL_HOSTS ?? false,
    evidenceScan: v.EVIDENCE_SCAN ?? null,
    evidenceInternalHosts: v.EVIDENCE_INTERNAL_HOSTS ?? false,
    /** Whether notifications go out by mail, and from whom. */
    mailFrom: v.SMTP_URL !== undefined && v.SMTP_FROM !== undefined ? v.SMTP_FROM : null,
    syncMinutes: v.SYNC_MINUTES ?? 15,
    connectorTimeoutMs: (v.CONNECTOR_TIMEOUT_SECONDS ?? 30) * 1000,
  } as const;
}

function secretsOf(v: Values) {
  const secret = <T>(value: T | undefined): Secret<T> | null => (value === undefined ? null : new Secret(value));
  return {
    /** Holds a password. */
    databaseUrl: secret(v.DATABASE_URL),
    /** Null: made in DATA_DIR/keys (lib/config/key-file.ts). */
    authSecret: secret(v.AUTH_SECRET),
    oidcClientSecret: secret(v.OIDC_CLIENT_SECRET),
    bootstrapToken: secret(v.BOOTSTRAP_TOKEN),
    /** Holds a password. */
    smtp: secret(v.SMTP_URL),
    /** 32 bytes; null: made in DATA_DIR/keys. */
    encryptionKey: secret(v.ENCRYPTION_KEY),
  } as const;
}

/** Whether demo personas may be offered: in demo mode, and never in production beside an identity provider. */
export const personasOffered = (config: Pick<Config, "demo" | "oidc">, nodeEnv: string | undefined): boolean =>
  config.demo && !(nodeEnv === "production" && config.oidc !== null);
