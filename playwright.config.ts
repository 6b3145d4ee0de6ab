import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// The machine's own Chromium: Playwright's download host is out of reach in many places where this must run.
const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = candidates.find((file) => file && existsSync(file));
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/browser",
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  forbidOnly: Boolean(process.env.CI),
  // A second attempt, so that a machine's hiccup does not hold up everybody; `npm test` names what needed one.
  retries: process.env.CI ? 1 : 0,
  // Two cores: a portal and a browser keep them busy.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: asRoot ? ["--no-sandbox"] : [] },
    locale: "en-GB",
    timezoneId: "UTC",
    // Recording costs a quarter of the time: on CI only what failed is recorded, when it is tried again.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
