import { expect, test } from "./test";

test.setTimeout(180_000);

const marker = Date.now().toString(36);

test("an owner departs from a pattern, it counts as open, and a number of the adoption page opens the row", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/models/chargeback-win-odds/pattern");
  const summary = page.getByText("Record a deviation", { exact: true });
  await summary.waitFor();
  if (!(await page.getByLabel("Requirement", { exact: true }).isVisible())) await summary.click();
  await page.getByLabel("Requirement", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Why it is not kept").fill(`The scheme's own file format stands in the way (${marker}).`);
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByText("Open deviation").first()).toBeVisible();
  await accessible(page);
  await page.goto("/patterns/adoption");
  await page
    .locator("dt", { hasText: "With an open deviation" })
    .locator("xpath=following-sibling::dd[1]")
    .getByRole("link")
    .click();
  await expect(page).toHaveURL(/deviation=open/);
  await expect(page.getByRole("link", { name: "chargeback-win-odds" }).first()).toBeVisible();
});

test("an architect answers what the library lacks, and the owner reads it on the model", async ({ pageAs }) => {
  const page = await pageAs("Tomasz Wieczorek");
  await page.goto("/patterns/gaps?state=open");
  const gap = page.locator("article", { has: page.getByRole("link", { name: "acquirer-router" }) });
  await gap.getByText("Answer", { exact: true }).first().click();
  await gap.getByLabel("It stays on its own").check();
  await gap
    .getByLabel("Why")
    .fill("One router learns between releases; the review decides each of its bounds instead.");
  await gap.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByRole("link", { name: "acquirer-router" })).toHaveCount(0);
  await page.goto("/models/acquirer-router/pattern");
  await expect(page.getByText("the review decides each of its bounds")).toBeVisible();
});

test("an upgrade campaign waits in the owner's queue; moved and deferred models show in its progress", async ({
  pageAs,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/");
  await page
    .getByRole("link", { name: /^Upgrade \d+ models?: Batch scoring to version 2/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Move your models" })).toBeVisible({ timeout: 30_000 });
  const row = page.getByRole("row", { name: /chargeback-win-odds/ });
  await row.getByRole("button", { name: "Upgrade", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Upgrade" }).click();
  // A dialog hides the rows behind it, so it has to be gone first.
  await expect(page.getByRole("dialog")).toHaveCount(0, { timeout: 30_000 });
  await expect(row).toHaveCount(0);
  await page.goto("/models/chargeback-win-odds/pattern");
  await expect(page.getByText("On the version in force")).toBeVisible();
});

test("an architect revises a runbook: the page says whose text is in force and why, shows what differs, and goes back", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Tomasz Wieczorek");
  await page.goto("/guidance/rollback");
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const text = page.getByLabel("Text", { exact: true });
  await expect(page.getByText("It reads as a revision of version 1.")).toBeVisible();
  const shipped = await text.inputValue();
  await text.fill(shipped.replace("version: 1", "version: 9"));
  await expect(page.getByText("version: keep 1")).toBeVisible();
  await text.fill(`${shipped}\n## At Halden\n\nCall the duty officer first (${marker}).\n`);
  await expect(page.getByRole("region", { name: "Preview" }).getByText(`officer first (${marker})`)).toBeVisible();
  await accessible(page);
  await page.getByLabel("Why you change it").fill("Nobody rolls back at night alone.");
  await page.getByRole("button", { name: "Put in force" }).click();
  await expect(page).toHaveURL(/\/guidance\/rollback$/, { timeout: 30_000 });
  await expect(page.getByText("Nobody rolls back at night alone.")).toBeVisible();
  await expect(page.getByText("Call the duty officer first")).toBeVisible();
  await page.getByRole("link", { name: "What differs" }).click();
  await expect(page.locator(".diff ins", { hasText: marker })).toBeVisible();
  await accessible(page);
  await page.getByLabel("Why", { exact: true }).fill("Said in the duty handbook now.");
  await page.getByRole("button", { name: "Go back to version 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
  await expect(page).toHaveURL(/\/guidance\/rollback$/, { timeout: 30_000 });
  await expect(page.getByText("Call the duty officer first")).toHaveCount(0);
});
