import { readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import pg from "pg";
import { type OidcServer, oidcServer } from "@/lib/testing/oidc-server.mjs";
import { freePort, type Portal, startPortal } from "./portal";

type Shared = {
  /** An empty portal that trusts a real OpenID provider. Anyone the provider knows may come in. */
  signedOn: { portal: Portal; idp: OidcServer };
};

const test = base.extend<{ page: Page }, Shared>({
  signedOn: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const port = await freePort();
      const idp = await oidcServer(`http://localhost:${port}/api/auth/callback/oidc`);
      const portal = await startPortal({
        demo: false,
        env: {
          PORT: String(port),
          OIDC_ISSUER: idp.issuer,
          OIDC_CLIENT_ID: idp.clientId,
          OIDC_CLIENT_SECRET: idp.clientSecret,
          OIDC_NAME: "Halden single sign-on",
          OIDC_ROLE_MAP: "arb-chairs=board_chair",
        },
      });
      await use({ portal, idp });
      await portal.stop();
      await idp.close();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  baseURL: async ({ signedOn }, use) => use(signedOn.portal.address),
});

/** Someone the provider knows, at its form or already signed in there. */
function known(idp: OidcServer, sub: string, claims: Record<string, unknown> = {}, asks = false): void {
  idp.accounts.set(sub, {
    sub,
    email: `${sub}@halden.example`,
    email_verified: true,
    name: `Person ${sub}`,
    ...claims,
  });
  idp.signInAs(sub);
  idp.ask(asks);
}

async function continueWithProvider(page: Page, from = "/sign-in"): Promise<void> {
  await page.goto(from);
  await page.getByRole("button", { name: "Continue with Halden single sign-on" }).click();
}

/** What the log says, as the bootstrap administrator. */
async function logged(portal: Portal, name: string): Promise<string[]> {
  const answer = await fetch(`${portal.address}/api/v1/log/entries?name=${name}&limit=50`, {
    headers: { authorization: `Bearer ${portal.token}` },
  });
  const { entries } = (await answer.json()) as { entries: { summary: string }[] };
  return entries.map((e) => e.summary);
}

async function inDatabase(portal: Portal, statement: string): Promise<void> {
  const { databaseUrl } = JSON.parse(readFileSync(path.join(portal.dataDir, "run.json"), "utf8"));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

test("someone new signs in at the provider, comes back to the page they wanted, and holds what their groups stand for", async ({
  page,
  signedOn: { idp, portal },
}) => {
  known(idp, "ingrid", { groups: ["arb-chairs"] }, true);
  await continueWithProvider(page, "/reviews");
  await expect(page).toHaveURL(new RegExp(`^${idp.issuer}`));
  await page.getByRole("button", { name: "Sign in at the provider" }).click();
  await expect(page).toHaveURL(`${portal.address}/reviews`);
  await page.goto("/account");
  await expect(page.getByText("Person ingrid").first()).toBeVisible();
  await expect(page.getByText("ARB chair").first()).toBeVisible();
  expect(await logged(portal, "person.admitted")).toContain(
    "admitted Person ingrid from the identity provider: made an account; gave ARB chair",
  );
});

test("someone without a group gets an account that may nothing yet, and is told so; no page breaks", async ({
  page,
  signedOn: { idp },
}) => {
  known(idp, "stranger");
  await continueWithProvider(page);
  await expect(page).not.toHaveURL(/sign-in/);
  await expect(page.getByText("No role yet").first()).toBeVisible();
  for (const at of ["/", "/models", "/reviews", "/releases", "/kpis", "/log", "/admin"]) {
    const answer = await page.goto(at);
    expect(answer?.status(), at).toBeLessThan(500);
    await expect(page.getByRole("heading", { level: 1 }), at).toBeVisible();
  }
});

test("an address that the provider has not verified opens no account", async ({ page, signedOn: { idp, portal } }) => {
  known(idp, "unverified", { email_verified: false });
  await continueWithProvider(page);
  await expect(page.getByRole("alert").filter({ hasText: "has not verified your e-mail address" })).toBeVisible();
  await page.goto("/models");
  await expect(page).toHaveURL(/sign-in/);
  expect((await logged(portal, "person.admitted")).join()).not.toContain("unverified");
});

test("an answer with a forged state signs nobody in, with the browser's own cookies of the attempt", async ({
  page,
  signedOn: { idp, portal },
}) => {
  known(idp, "victim", {}, true);
  await continueWithProvider(page);
  await expect(page.getByRole("button", { name: "Sign in at the provider" })).toBeVisible();
  const callback = new URL("/api/auth/callback/oidc", portal.address);
  callback.search = new URLSearchParams({ code: "stolen", state: "forged", iss: idp.issuer }).toString();
  await page.goto(callback.href);
  await expect(page.getByRole("alert").filter({ hasText: "The sign-in did not complete" })).toBeVisible();
  await page.goto("/models");
  await expect(page).toHaveURL(/sign-in/);
});

test("an expired session asks to sign in, and returns to where one was", async ({
  page,
  signedOn: { idp, portal },
}) => {
  known(idp, "returning");
  await continueWithProvider(page, "/releases");
  await expect(page).toHaveURL(`${portal.address}/releases`);
  await inDatabase(portal, "update session set expires = now() - interval '1 second'");
  await page.goto("/models?view=all");
  await expect(page).toHaveURL(/sign-in/);
  await page.getByRole("button", { name: "Continue with Halden single sign-on" }).click();
  await expect(page).toHaveURL(`${portal.address}/models?view=all`);
});

test("demo people are not offered beside a provider in production", async ({ page }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Continue with" })).toBeVisible();
  await expect(page.getByText("Demo: step in as someone")).toHaveCount(0);
});
