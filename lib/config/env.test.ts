import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { parseEnv, personasOffered } from "./env";
import { settings } from "./settings";

const oidc = { OIDC_ISSUER: "https://id.example", OIDC_CLIENT_ID: "c", OIDC_CLIENT_SECRET: "very-secret" };

test("nothing set gives a portal on this machine", () => {
  const parsed = parseEnv({});
  expect(parsed).toMatchObject({
    ok: true,
    config: {
      publicUrl: "http://localhost:3000",
      signHost: "sign.localhost:3000",
      logHost: "log.localhost:3000",
      logOrigin: "log.localhost",
      role: "all",
      demo: true,
      oidc: null,
      sessionHours: 12,
    },
  });
});

test("every fault is told at once, by name, with what to do", () => {
  const parsed = parseEnv({
    PORT: "80000",
    ROLE: "both",
    PUBLIC_URL: "https://countersign.example/portal",
    DATABASE_URL: "mysql://x",
    SESSION_HOURS: "0",
    ENCRYPTION_KEY: "short",
    OIDC_ISSUER: "https://id.example",
    OIDC_ROLE_MAP: "chairs=emperor",
  });
  expect(parsed.ok ? [] : parsed.faults.map((f) => f.split(":")[0])).toEqual([
    "PORT",
    "PUBLIC_URL",
    "DATABASE_URL",
    "ROLE",
    "SESSION_HOURS",
    "OIDC_ROLE_MAP",
    "ENCRYPTION_KEY",
    "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET",
  ]);
});

test("a fault never quotes a secret", () => {
  const parsed = parseEnv({ AUTH_SECRET: "hunter2", BOOTSTRAP_TOKEN: "hunter2 x", ENCRYPTION_KEY: "hunter2" });
  expect(parsed.ok).toBe(false);
  expect(JSON.stringify(parsed)).not.toContain("hunter2");
});

test("secrets show a placeholder in JSON, text and inspection", () => {
  const parsed = parseEnv({ ...oidc, DATABASE_URL: "postgres://u:very-secret@h/d" });
  expect(inspect(parsed, { depth: 9 }) + JSON.stringify(parsed)).not.toContain("very-secret");
  expect(parsed.ok && parsed.secrets.oidcClientSecret?.reveal()).toBe("very-secret");
});

test("groups map to roles, everywhere or in a unit", () => {
  const parsed = parseEnv({ ...oidc, OIDC_ROLE_MAP: "ARB Chairs=board_chair; card-owners=contributor@card-risk;" });
  expect(parsed.ok && parsed.config.oidc?.roleMap).toEqual([
    { group: "ARB Chairs", role: "board_chair", unit: null },
    { group: "card-owners", role: "contributor", unit: "card-risk" },
  ]);
});

test("the roles of tokens cannot be mapped to people", () => {
  expect(parseEnv({ ...oidc, OIDC_ROLE_MAP: "robots=service" }).ok).toBe(false);
});

test("the signing origin must be another host than the portal", () => {
  const parsed = parseEnv({ PUBLIC_URL: "https://c.example", SIGN_HOST: "c.example:8443" });
  expect(parsed.ok ? [] : parsed.faults).toEqual([expect.stringContaining("SIGN_HOST")]);
});

test.each([
  [{}, "development", true],
  [{}, "production", true],
  [{ DEMO: "off" }, "development", false],
  [oidc, "development", true],
  [oidc, "production", false],
  [{ ...oidc, DEMO: "on" }, "production", false],
])("demo people with %j in %s: %s", (env, nodeEnv, offered) => {
  const parsed = parseEnv(env);
  expect(parsed.ok && personasOffered(parsed.config, nodeEnv)).toBe(offered);
});

test(".env.example has a commented line for each setting, in order, and says what the schema accepts", () => {
  const lines = readFileSync(".env.example", "utf8").split("\n");
  const names = lines.flatMap((line) => /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
  expect(names).toEqual(Object.keys(settings));
  for (const [name, { comment, example }] of Object.entries(settings)) {
    const at = lines.indexOf(`#${name}=${example}`);
    expect(lines[at - 1], name).toBe(`# ${comment}`);
  }
  const shown = Object.fromEntries(Object.entries(settings).map(([name, s]) => [name, s.example]));
  expect(parseEnv(shown)).toEqual(parseEnv({}));
});
