import { own } from "./deeds";
import { expect, test } from "./test";

test.setTimeout(120_000);

test("an ask arrives in the bell of the right person, opens the thing, and is read; others hear nothing", async ({
  pageAs,
  accessible,
}) => {
  const name = `bell-test-${Date.now().toString(36)}`;
  const priya = await pageAs("Priya Raman");
  const made = await priya.request.post("/api/v1/models", {
    ...own,
    data: {
      name,
      kind: "classical",
      servingType: "batch",
      platform: "mlflow",
      businessUnit: "cards",
      distinctBecause: "It is made by a test of notifications alone.",
    },
  });
  expect(made.status(), await made.text()).toBe(201);
  const tomasz = await pageAs("Tomasz Wieczorek");
  const asked = await tomasz.request.post("/api/v1/models/ask", {
    ...own,
    data: { models: [name], about: "readiness", note: "The audit is next week." },
  });
  expect(asked.ok(), await asked.text()).toBe(true);

  const line = priya.getByRole("region", { name: "Unread" }).getByRole("listitem").filter({ hasText: name });
  await expect(async () => {
    await priya.goto("/notifications");
    await expect(line).toContainText("Answer what was asked.", { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await accessible(priya);
  const bell = priya.getByRole("link", { name: /^Notifications, \d+\+? unread$/ });
  await expect(bell).toBeVisible();
  await line.getByRole("link").click();
  await expect(priya).toHaveURL(new RegExp(`/models/${name}`), { timeout: 30_000 });
  await expect(async () => {
    await priya.goto("/notifications");
    await expect(priya.getByRole("region", { name: "Read", exact: true }).getByText(name).first()).toBeVisible({
      timeout: 1000,
    });
  }).toPass({ timeout: 15_000 });
  await expect(line).toHaveCount(0);

  await tomasz.goto("/notifications");
  await expect(tomasz.getByText(name)).toHaveCount(0);
});

test("what comes by mail, and when, is one's own choice and stays", async ({ pageAs, accessible }) => {
  const page = await pageAs("Noor Haddad");
  await page.goto("/account/notifications");
  await accessible(page);
  const votes = page.getByLabel("Reviews to vote on");
  const next = (await votes.inputValue()) === "digest" ? "At once" : "In a daily digest";
  await votes.selectOption(next);
  await page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await page.getByRole("button", { name: "Keep" }).click();
  await expect(page.getByText("Kept. It counts from the next notification on.")).toBeVisible();
  await page.reload();
  await expect(votes.locator("option:checked")).toHaveText(next);
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
});

test("a link that this portal did not make turns nothing off, signed in or not", async ({ page, accessible }) => {
  await page.goto("/unsubscribe/01a200a4-1484-75b1-ad5e-73588d28107a.due.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await expect(page.getByRole("heading", { level: 1, name: "This link turns nothing off" })).toBeVisible();
  await accessible(page);
});
