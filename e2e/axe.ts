import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** axe with the rules of WCAG 2.2 A and AA and its best practices: nothing may be found. */
export async function axe(page: Page): Promise<void> {
  // A page that streams is judged when it has come, not while its placeholder stands there.
  await page.locator("h1").filter({ visible: true }).first().waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.target.join(" ")).join("\n  ")}`);
  expect(found, `axe on ${page.url()}`).toEqual([]);
}
