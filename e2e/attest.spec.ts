import { enrol, entries, go } from "./deeds";
import { withPasskey } from "./passkey";
import { expect, test } from "./test";

/** A model of the demo's owner. */
const model = "login-risk";
const item = "rel-1";

test("an owner signs what they attested with their own passkey, and the page says so", async ({ pageAs, api }) => {
  test.setTimeout(120_000);
  const page = await pageAs("Priya Raman");
  const place = `/models/${model}/readiness?show=all&item=${item}#${item}`;
  const words = `Rolled back to the version before and forward again (${Date.now().toString(36)}).`;
  await page.goto(place);
  const form = page.getByRole("form", { name: `Attest ${item}` });
  await form.getByLabel("What you looked at and what you found").fill(words);
  await form.locator("input[name=evidenceUrl]").fill("https://wiki.halden.example/rollback");
  await form.getByRole("button", { name: "Attest", exact: true }).click();
  await expect(page.getByText(words, { exact: true })).toBeVisible();
  await expect(page.getByText("Stated under their account, not signed with a key of their own.")).toBeVisible();

  await withPasskey(page);
  await enrol(page, `Priya's laptop ${Date.now().toString(36)}`);
  await page.goto(place);
  const before = await entries(api, "readiness.attestation.signed", model);
  await page.getByRole("button", { name: "Sign what you attested" }).click();
  const link = page.getByRole("link", { name: "Open the signing page" });
  await expect(link).toBeVisible();
  await page.goto((await link.getAttribute("href")) ?? "");
  await expect(page.locator("#opening")).toContainText(`attest that ${item}`);
  await expect(page.locator("#opening")).toContainText(words);
  await expect(page.locator("#decline-open")).toBeHidden();
  await go(page);
  await expect(page.locator("#done")).toContainText(`Your attestation of ${item} of ${model} is signed`);
  expect(await entries(api, "readiness.attestation.signed", model)).toBe(before + 1);

  await page.goto(place);
  await expect(page.getByText(/^Signed by Priya Raman with a key of their own/)).toBeVisible();
});
