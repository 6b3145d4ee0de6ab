import { expect, test } from "./test";

test.describe.configure({ mode: "serial" });
test.use({ demo: true });
test.setTimeout(180_000);

const suffix = Date.now().toString(36);
const model = "card-fraud-score";
const refs: { [title: string]: string } = {};

const record = (title: string) => `# ${title}

## Context and Problem Statement

Scores are asked for while the customer waits.

## Considered Options

- One service
- Two services

## Decision Outcome

Chosen option: “One service”, because it is one thing to watch.

\`\`\`mermaid
flowchart LR
  till[Till] --> score[Score] --> answer[Answer]
\`\`\`

### Confirmation

The p95 latency is looked at each week.
`;

// The suffix tells this run's records from those of a run before; a test's own title must be the same in every process.
for (const subject of ["Score in one service", "Score in two services"]) {
  const title = `${subject} ${suffix}`;
  test(`an architect writes “${subject}” with a diagram, about a model; a draft survives leaving the page`, async ({
    pageAs,
    accessible,
  }) => {
    const page = await pageAs("Ingrid Solberg");
    await page.goto(`/decisions/new?model=${model}`);
    await page.getByLabel("Record").fill(record(title));
    await expect(page.getByRole("region", { name: "Preview" }).getByRole("heading", { name: title })).toBeVisible();
    await expect(page.getByRole("region", { name: "Preview" }).locator("svg").first()).toBeVisible();
    // The draft is written half a second after the last key.
    await expect
      .poll(() => page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith("countersign:draft:"))))
      .toBe(true);
    page.once("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await expect(page.getByText("The draft that you left here")).toBeVisible();
    await expect(page.getByLabel("Record")).toHaveValue(record(title));
    await page.getByRole("button", { name: "Propose" }).click();
    await expect(page).toHaveURL(/\/decisions\/ADR-\d+$/);
    refs[title] = page.url().split("/").at(-1) ?? "";
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await accessible(page);
    await page.goto(`/decisions/new?model=${model}`);
    await expect(page.getByText("The draft that you left here")).toHaveCount(0);
  });

  test(`a member of the board asks, then signs “${subject}” off`, async ({ pageAs }) => {
    const page = await pageAs("Tomasz Wieczorek");
    await page.goto(`/decisions/${refs[title]}`);
    await page.getByRole("combobox", { name: "About" }).selectOption({ label: "Confirmation" });
    await page.getByRole("textbox", { name: "Comment", exact: true }).fill("Who looks?");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await expect(page.getByRole("article").getByText("Who looks?")).toBeVisible();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Accept", exact: true }).click();
    await expect(page.getByText("The text is locked").first()).toBeVisible();
  });
}

test("the second supersedes the first; both are found from the model, and the drawing links them", async ({
  pageAs,
  accessible,
}) => {
  const [first = "", second = ""] = Object.values(refs);
  const page = await pageAs("Ingrid Solberg");
  await page.goto(`/decisions/${first}`);
  await page.getByText("Supersede", { exact: true }).first().click();
  await page.getByLabel("Accepted record that replaces it").fill(second);
  await page.getByRole("button", { name: "Supersede" }).click();
  await expect(page.getByText(`Superseded by ${second}`).first()).toBeVisible();
  await page.goto(`/models/${model}`);
  await page.getByRole("link", { name: `Score in one service ${suffix}` }).click();
  await expect(page).toHaveURL(new RegExp(`/decisions/${first}$`));
  await page.goto("/decisions/graph");
  await page
    .getByRole("link", { name: new RegExp(`^${first}`) })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/decisions/${first}$`));
  await page.goto(`/decisions?q=${suffix}`);
  await expect(page.getByRole("row", { name: new RegExp(`^${second}`) })).toBeVisible();
  await accessible(page);
});

test("the author of a decision is told of its broken assumption, reads which models break it, and looks again", async ({
  pageAs,
  accessible,
}) => {
  const page = await pageAs("Tomasz Wieczorek");
  await page
    .getByRole("link", { name: /Progressive release for tier 1 and 2/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/decisions\/ADR-\d+#checks$/);
  const check = page.getByRole("article").filter({ hasText: "A live tier-1 model is rolled back in five minutes" });
  await expect(check.getByText("Partly", { exact: true })).toBeVisible();
  await expect(check.getByText("asked to revisit this decision")).toBeVisible();
  await expect(check.getByRole("row").nth(1)).toContainText(/it must be at most 300/);
  await accessible(page);
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByText("Looked at again.")).toBeVisible();
  await check.getByRole("table").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/models\//);
  await expect(page.getByText(/Breaks a check of ADR-/).first()).toBeVisible();
});

test("decisions are found by the state of their checks", async ({ pageAs, accessible }) => {
  const page = await pageAs("Priya Raman");
  await page.goto("/decisions?check=broken");
  await page.getByRole("link", { name: "One vector store, inside PostgreSQL" }).click();
  await expect(page.getByText("The one model in its scope breaks it.")).toBeVisible();
  await expect(page.getByText("Unknown: no data").first()).toBeVisible();
  await accessible(page);
});
