import { readFileSync } from "node:fs";
import { expect, test } from "./test";

test.setTimeout(180_000);

const marker = Date.now().toString(36);

test("an owner claims a shadow model, and answers for it from then on", async ({ pageAs, api }) => {
  const { models } = await (await api.get("models", { params: { stage: "unclaimed", limit: "1" } })).json();
  const name: string | undefined = models[0]?.name;
  test.skip(name === undefined, "the demo has no unclaimed model left");
  const page = await pageAs("Priya Raman");
  await page.goto(`/models/${encodeURIComponent(name ?? "")}`);
  await page.getByRole("link", { name: "Claim", exact: true }).click();
  await page.getByLabel("Business unit").selectOption({ label: "Cards and payments" });
  await page.getByLabel("Kind", { exact: true }).selectOption({ label: "Classical" });
  await page.getByLabel("Serving").selectOption({ label: "Batch" });
  await page.getByRole("button", { name: "Claim" }).click();
  await expect(page.locator("dl.meta")).toContainText("Priya Raman");
  await expect(page.getByRole("complementary", { name: "More about this page" })).toContainText(`claimed ${name}`);
});

test("an owner answers the risk questions, and the tier shows with what drives it", async ({ pageAs }) => {
  const name = `tiering-${marker}`;
  const page = await pageAs("Priya Raman");
  await page.goto("/models/new");
  await page.getByLabel("Name", { exact: false }).first().fill(name);
  await page.getByLabel("Business unit").selectOption({ label: "Cards and payments" });
  await page.getByLabel("Kind", { exact: true }).selectOption({ label: "Agent" });
  await page.getByLabel("Serving").selectOption({ label: "Online" });
  await page.getByLabel("Platform").selectOption({ label: "Azure ML" });
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.locator("dl.meta")).toContainText("Not assessed");
  await page.getByRole("link", { name: "Answer the twelve questions" }).click();
  await page.waitForURL(/\/risk$/, { timeout: 60_000 });
  for (const [i, answer] of [1, 1, 1, 2, 2, 2, 1, 2, 1, 2, 1, 1].entries())
    await page
      .locator(`fieldset[data-field="answers.Q${i + 1}"] input[type=radio]`)
      .nth(answer)
      .check();
  await page.locator('input[name="legalClass"][value="minimal"]').check();
  await page.getByRole("button", { name: /^Record tier \d$/ }).click();
  await expect(page.getByText(/^Recorded: tier \d/)).toBeVisible();
  await page.goto(`/models/${name}`);
  await expect(page.getByText(/Tier \d, driven by/)).toBeVisible();
});

test("a file of 1,000 rows with 30 bad ones: the dry run says each row's fate, the import takes the rest", async ({
  pageAs,
}) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/models");
  await page.getByRole("link", { name: "Import" }).click();
  const rows = Array.from({ length: 1000 }, (_, i) => {
    const unit = i % 33 === 5 && i < 990 ? "no-such-unit" : "cards";
    return `row${i}of${marker},${unit},classical,batch,mlflow,"Row ${i}, with a comma"`;
  });
  const file = ["name,business_unit,kind,serving,platform,description", ...rows].join("\r\n");
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name: `bulk-${marker}.csv`,
    mimeType: "text/csv",
    buffer: Buffer.from(`\ufeff${file}`, "utf16le"),
  });
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`bulk-${marker}.csv`, { timeout: 60_000 });
  await expect(page.getByText("Nothing is changed yet. 1,000 rows in UTF-16 LE.")).toBeVisible();
  await page.getByRole("link", { name: "Refused 30" }).click();
  const table = page.getByRole("table", { name: "Rows of the file" });
  await expect(table.getByRole("row")).toHaveCount(31);
  await expect(table).toContainText("There is no business unit no-such-unit");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Refused rows as CSV" }).click();
  expect(
    readFileSync(await (await download).path(), "utf8")
      .trim()
      .split("\r\n"),
  ).toHaveLength(31);
  await page.getByRole("button", { name: "Import 970 rows" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Import" }).click();
  await expect(page.getByText("970 models created")).toBeVisible({ timeout: 60_000 });
  await page.goto(`/models?q=row7of${marker}`);
  await expect(page.getByRole("table", { name: "Models" })).toContainText(`row7of${marker}`);
});

test("an architect shares a view with everyone; a leader opens it by its link; a changed filter says it is not saved", async ({
  pageAs,
}) => {
  const view = `Denied ${marker}`;
  const page = await pageAs("Ingrid Solberg");
  await page.goto("/models?gate=deny&tier=1&hide=kind");
  await expect(page.getByText("Not saved", { exact: true })).toBeVisible();
  await page.locator("details.views > summary").click();
  await page.getByRole("textbox", { name: "Save this as" }).fill(view);
  await page.getByLabel("Who sees it").selectOption({ label: "The whole organisation" });
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.locator("details.views > summary")).toContainText(view);
  const id = new URL(page.url()).searchParams.get("view");

  const leader = await pageAs("Marianne Voss");
  await leader.goto(`/models?view=${id}`);
  await expect(leader).toHaveURL(/gate=deny/);
  await expect(leader.locator("details.views > summary")).toContainText(view);
  await expect(leader.getByText("Edited, not saved")).toHaveCount(0);
  await expect(leader.getByRole("columnheader", { name: "Kind" })).toHaveCount(0);
  await leader.getByRole("button", { name: "Remove the filter Tier" }).click();
  await expect(leader.getByText("Edited, not saved")).toBeVisible();
});

test("the list goes by keys, and a page of the past says so and does nothing", async ({ pageAs }) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/models");
  await expect(page.getByRole("table", { name: "Models" })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("j");
    await expect(page.locator("table.t tbody tr a:focus")).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.locator("details.asof > summary", { hasText: "As of" }).click();
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("input[name=asof]").fill(day);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`asof=${day}`));
  await expect(page.getByText("You see what was on record then. Nothing can be done here.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Register model" })).toHaveCount(0);
  await page.getByRole("link", { name: "card-fraud-score" }).first().click();
  await expect(page).toHaveURL(new RegExp(`card-fraud-score\\?asof=${day}`));
  await page.getByRole("link", { name: "Back to today" }).click();
  await expect(page.getByText("You see what was on record then.")).toHaveCount(0);
});
