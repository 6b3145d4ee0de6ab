import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { startMlflow } from "@/lib/testing/mlflow";
import { expect, test } from "./test";

test.use({ demo: true });
test.setTimeout(240_000);

const suffix = Date.now().toString(36);

/** Answers the twelve questions on a model's risk page. */
async function score(page: Page, answers: readonly number[]): Promise<void> {
  for (const [i, answer] of answers.entries())
    await page
      .locator(`fieldset[data-field="answers.Q${i + 1}"] input[type=radio]`)
      .nth(answer)
      .check();
  await page.getByRole("button", { name: /^Record tier/ }).click();
  await expect(page).toHaveURL(/recorded=1/);
}

test("an owner scores a model, the second line overrides it one step down, and new answers end that", async ({
  pageAs,
  accessible,
}) => {
  const name = `limit-adviser-${suffix}`;
  const owner = await pageAs("Priya Raman");
  await owner.goto("/models/new");
  await owner.getByLabel("Name", { exact: true }).fill(name);
  await owner.getByLabel("Business unit").selectOption({ label: "Cards and payments" });
  await owner.getByLabel("Kind").selectOption({ label: "Classical" });
  await owner.getByLabel("Serving").selectOption({ label: "Batch" });
  await owner.getByLabel("Platform").selectOption({ label: "On-prem" });
  await owner.getByRole("button", { name: "Register", exact: true }).click();
  await expect(owner).toHaveURL(new RegExp(`/models/${name}$`));
  await owner.goto(`/models/${name}/risk`);
  await score(owner, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  await expect(owner.getByText("Recorded: tier 2.")).toBeVisible();
  // The owner sees that the override is not theirs to make.
  await expect(owner.getByText("Overriding a tier needs the role model risk, the second line.")).toBeVisible();

  const risk = await pageAs("Amara Okafor");
  await risk.goto(`/models/${name}/risk`);
  await accessible(risk);
  const form = risk.getByRole("form", { name: "Override the tier" });
  // Two steps down cannot be chosen, and says why.
  await expect(form.getByRole("option", { name: /^Tier 4: One step down at most/ })).toBeDisabled();
  await form.getByLabel("Tier").selectOption({ label: "Tier 3" });
  await form.getByLabel("Reason").fill("Two analysts read its scores and decide without them.");
  await form.getByRole("button", { name: "Override the tier" }).click();
  await expect(risk.getByText(/Tier 3 instead of 2 by Amara Okafor/)).toBeVisible();
  await expect(risk.getByText(/^Override until 20/).first()).toBeVisible();

  await owner.goto(`/models/${name}/risk`);
  await score(owner, [2, 2, 2, 2, 2, 3, 2, 2, 2, 2, 2, 2]);
  await expect(owner.getByText("Override ended: the questions were answered again")).toBeVisible();
  await expect(owner.getByText(/^Overridden to tier 3 instead of 2 by Amara Okafor/)).toBeVisible();
});

test("200 shadow models of a registry get an owner in one action, which one log entry tells and which can be undone", async ({
  pageAs,
  api,
  accessible,
}) => {
  const mlflow = await startMlflow();
  try {
    const prefix = `shadow-${suffix}`;
    mlflow.python("e2e/shadow.py", [prefix, "200"]);
    const made = await api.post("connections", {
      data: { name: `Shadow ${suffix}`, system: "mlflow", baseUrl: mlflow.url, import: true },
    });
    expect(made.ok(), await made.text()).toBe(true);
    const counted = async () => {
      await api.post("reconciliation/sweep", { data: {} });
      const found = await api.get(`reconciliation?kind=unclaimed&q=${prefix}&limit=1`);
      return (await found.json()).total;
    };
    await expect.poll(counted, { timeout: 90_000 }).toBe(200);

    const page = await pageAs("Ingrid Solberg");
    await page.goto(`/reconciliation?kind=unclaimed&q=${prefix}`);
    await accessible(page);
    await page.getByRole("button", { name: "Assign all" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Business unit").selectOption({ label: "Cards and payments" });
    await dialog.getByLabel("Owner", { exact: true }).selectOption({ label: "Priya Raman" });
    const started = Date.now();
    await dialog.getByRole("button", { name: "Assign", exact: true }).click();
    const done = page.getByText("made Priya Raman the owner of 200 models for Cards and payments");
    await expect(done.first()).toBeVisible();
    console.log(`200 models assigned and shown in ${Date.now() - started} ms`);
    await expect(page.getByText("No difference matches")).toBeVisible();

    await page.goto(`/models/${prefix}-007`);
    await expect(page.getByText("made Priya Raman the owner of 200 models").first()).toBeVisible();
    await expect(page.getByText("Priya Raman").first()).toBeVisible();

    await page.goto(`/reconciliation?kind=unclaimed&q=${prefix}`);
    await page.getByRole("button", { name: "Undo" }).first().click();
    await expect(page.getByText(/200 match/)).toBeVisible();
  } finally {
    await mlflow.stop();
  }
});

test("an ownership campaign from its start to the frozen snapshot", async ({ pageAs, accessible }) => {
  const title = `Owners confirm cards, ${suffix}`;
  const compliance = await pageAs("Samuel Oyelaran");
  await compliance.goto("/campaigns");
  await accessible(compliance);
  await compliance.getByLabel("Title").fill(title);
  await compliance.getByLabel("Cards and payments").check();
  await compliance.getByLabel("Tier 1").check();
  await compliance.getByRole("button", { name: "Open the campaign" }).click();
  await expect(compliance).toHaveURL(/\/campaigns\/CMP-\d+$/);
  const ref = new URL(compliance.url()).pathname.split("/").at(-1) ?? "";

  const owner = await pageAs("Priya Raman");
  await owner.goto("/");
  await owner
    .getByRole("listitem")
    .filter({ hasText: title })
    .or(owner.locator(".qr").filter({ hasText: title }))
    .first()
    .getByRole("link", { name: "Answer" })
    .click();
  await expect(owner).toHaveURL(new RegExp(`/campaigns/${ref}/mine`), { timeout: 30_000 });
  await accessible(owner);
  // One is handed over, the rest is confirmed in one go.
  await owner.getByRole("button", { name: "Hand over", exact: true }).first().click();
  await owner.getByRole("dialog").getByLabel("New owner").selectOption({ label: "Emre Aydın" });
  await owner.getByRole("dialog").getByRole("button", { name: "Hand over", exact: true }).click();
  await expect(owner.getByRole("dialog")).toBeHidden();
  const rest = owner.getByRole("button", { name: /^Confirm( all)?$/ }).first();
  if (await rest.isVisible()) {
    await rest.click();
    await owner.getByRole("dialog").getByRole("button", { name: "Confirm", exact: true }).click();
  }
  await expect(owner.getByText("Nothing waits on you here")).toBeVisible();

  await compliance.goto(`/campaigns/${ref}?state=confirmed`);
  await expect(compliance.getByText(/Priya Raman, /).first()).toBeVisible();
  await compliance.getByRole("button", { name: "Close and freeze" }).click();
  await compliance.getByRole("dialog").getByRole("button", { name: "Close and freeze" }).click();
  await expect(compliance.getByText(/What was attested is frozen as/)).toBeVisible();
  await accessible(compliance);
  const download = compliance.waitForEvent("download");
  await compliance.getByRole("link", { name: "Download the snapshot" }).click();
  const bytes = readFileSync(await (await download).path());
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await expect(compliance.locator(`[title*="${sha256}"]`).first()).toBeVisible();
  expect(JSON.parse(bytes.toString())).toMatchObject({
    campaign: { ref, title },
    v: "countersign/ownership-attestation/v1",
  });
});
