import { type APIRequestContext, type Browser, test as base, expect, type Page, request } from "@playwright/test";
import { startMlflow } from "@/lib/testing/mlflow";
import { axe } from "./axe";
import { patient } from "./hydrated";
import { type Portal, runningPortal, startPortal } from "./portal";

type Fixtures = {
  /** A page signed in as a demo persona, in a browser context of its own; on another device, in another browser. */
  pageAs: (name: string, device?: Browser) => Promise<Page>;
  /** Fails with every violation that axe finds on the page. */
  accessible: (page: Page) => Promise<void>;
  /** The REST API as the bootstrap administrator, below /api/v1/. */
  api: APIRequestContext;
};

type Shared = {
  /** With the demo organisation (`test.use({ demo: true })`) or empty. */
  demo: boolean;
  portal: Portal;
  mlflow: Awaited<ReturnType<typeof startMlflow>>;
  /** A second device: another browser process. */
  otherDevice: Browser;
};

/**
 * Tests of the running portal. One portal serves all tests of a worker that ask for the same organisation; it starts at
 * the first that needs it, and so does the MLflow server.
 */
export const test = base.extend<Fixtures, Shared>({
  demo: [true, { scope: "worker", option: true }],
  portal: [
    async ({ demo }, use) => {
      const portal = runningPortal() ?? (await startPortal({ demo }));
      await use(portal);
      await portal.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  mlflow: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const mlflow = await startMlflow();
      await use(mlflow);
      await mlflow.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  otherDevice: [
    async ({ browser, launchOptions }, use) => {
      const other = await browser.browserType().launch(launchOptions);
      await use(other);
      await other.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ portal }, use) => use(portal.address),
  api: async ({ portal }, use) => {
    const api = await request.newContext({
      baseURL: `${portal.address}/api/v1/`,
      extraHTTPHeaders: { authorization: `Bearer ${portal.token}` },
    });
    await use(api);
    await api.dispose();
  },
  pageAs: async ({ browser, portal }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async (name, device = browser) => {
      const context = await device.newContext({ baseURL: portal.address });
      contexts.push(context);
      const page = patient(await context.newPage());
      await page.goto("/sign-in");
      await page.getByRole("button", { name }).click();
      await expect(page).not.toHaveURL(/sign-in/);
      return page;
    });
    for (const context of contexts) await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  accessible: async ({}, use) => use(axe),
});

export { expect };
