import { expect, test } from "./test";

const chair = "Ingrid Solberg";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test(`the frame, the queue and the vocabulary are clean in ${colorScheme} at ${width}`, async ({
      pageAs,
      accessible,
    }) => {
      const page = await pageAs(chair);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of ["/", "/?view=board", "/vocabulary", "/no-such-page"]) {
        await page.goto(path);
        await accessible(page);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(sideways, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
      }
    });
  }
}

test("search by keyboard alone: open, find with a typing error, choose, go", async ({ pageAs, accessible }) => {
  const page = await pageAs(chair);
  const box = page.getByPlaceholder("Name, reference");
  // Keys are pressed again where the page was drawn but did not listen yet.
  const search = () =>
    expect(async () => {
      if (!(await box.isVisible())) await page.keyboard.press("Control+k");
      await expect(box).toBeFocused({ timeout: 1000 });
    }).toPass({ timeout: 15_000 });
  await search();
  await box.fill("vocabulary");
  await expect(page.getByRole("option", { name: /Vocabulary/ })).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Vocabulary" })).toBeVisible();
  await page.goto("/");
  await search();
  await page.keyboard.type("vocabulary");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Vocabulary" }), "Enter before the answer").toBeVisible();
  await search();
  await box.fill("zzzzqqqq");
  await expect(page.getByText("Nothing is called")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
});

test("the theme is kept across pages without a flash of the other one", async ({ pageAs }) => {
  const page = await pageAs(chair);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Switch theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const html = await (await page.request.get("/vocabulary")).text();
  expect(html.slice(0, 400)).toContain('data-theme="dark"');
});

test("on a small screen the areas are a menu that closes on its own", async ({ pageAs }) => {
  const page = await pageAs(chair);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Areas" }).click();
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await expect(page).toHaveURL(/\/log/);
  await expect(page.getByRole("link", { name: "Log", exact: true })).toBeHidden();
});
