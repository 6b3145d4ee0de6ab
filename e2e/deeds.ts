import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { expect } from "./test";

/** What the signed-in person's own pages may send: the API takes a session from there only. */
export const own = { headers: { "sec-fetch-site": "same-origin" } };

/** How many log entries of a name a subject has. */
export async function entries(api: APIRequestContext, name: string, subject: string): Promise<number> {
  const answer = await api.get(`log/entries?name=${name}&subject=${subject}&limit=200`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).entries.length;
}

/** The open release of a model to production. */
export async function openRelease(
  api: APIRequestContext,
  model: string,
): Promise<{ ref: string; version: string; digest: string }> {
  const answer = await api.get(`releases?model=${model}&status=open&environment=prod`);
  const [found] = (await answer.json()).releases;
  expect(found, `${model} waits for a signature in the demo`).toBeTruthy();
  return found;
}

/** The words of a refusal, which there must be. */
export async function problem(
  answer: { status: () => number; json: () => Promise<unknown> },
  status: number,
): Promise<string> {
  const body = (await answer.json()) as { detail: string };
  expect([answer.status(), body.detail]).toEqual([status, expect.stringMatching(/\w/)]);
  return body.detail;
}

/** Points at a button until the page feels it: Chromium drops clicks on a page that it has not drawn yet. */
export async function pointAt(button: Locator): Promise<void> {
  await expect(async () => {
    await button.hover();
    expect(await button.evaluate((b) => b.matches(":hover"))).toBe(true);
  }).toPass();
}

/** Enrols a passkey on the signing page; the page must have an authenticator. */
export async function enrol(page: Page, name: string): Promise<void> {
  await page.goto("/account/keys");
  await page.getByLabel("Name of the key").fill(name);
  await page.getByRole("button", { name: "Continue on the signing page" }).click();
  await page.waitForURL(/sign\.localhost/);
  await expect(page.locator("#go-label")).toHaveText(/Make a passkey/);
  await go(page);
  await expect(page.locator("#go-label")).toHaveText(/Sign with the new passkey/);
  await page.locator("#go").click();
  await expect(page.locator("#done")).toBeVisible();
}

/** Presses the one button of the signing page. */
export async function go(page: Page): Promise<void> {
  await pointAt(page.locator("#go"));
  await page.locator("#go").click();
}

/** Words the statement on the release page and returns the address of its signing page. */
export async function signingLink(page: Page, portal: { address: string }, release: string): Promise<string> {
  await page.goto(`${portal.address}/releases/${release}`);
  await page.getByRole("button", { name: "Read and sign" }).click();
  const link = page.getByRole("link", { name: "Open the signing page" });
  await expect(link).toBeVisible();
  return (await link.getAttribute("href")) ?? "";
}
