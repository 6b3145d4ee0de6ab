import type { APIRequestContext } from "@playwright/test";
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

test("a member of the board signs a decision they took part in with their own passkey", async ({ pageAs, api }) => {
  test.setTimeout(120_000);
  const page = await pageAs("Ingrid Solberg");
  await withPasskey(page);
  await enrol(page, `Ingrid's key ${Date.now().toString(36)}`);
  const ref = await decidedBy(api, "Ingrid Solberg");
  const place = `/reviews/${ref}#decided`;
  await page.goto(place);
  const decided = page.locator("#decided");
  await expect(decided).toContainText(/None of the \d+ who decided has signed/);
  const before = await entries(api, "review.decision.signed", ref);
  await decided.getByRole("button", { name: "Sign the decision" }).click();
  const link = page.getByRole("link", { name: "Open the signing page" });
  await expect(link).toBeVisible();
  await page.goto((await link.getAttribute("href")) ?? "");
  await expect(page.locator("#opening")).toContainText(`Ingrid Solberg, took part in the board's decision on ${ref}`);
  await expect(page.locator("#decline-open")).toBeHidden();
  await go(page);
  await expect(page.locator("#done")).toContainText(`Your signature of the decision on ${ref} is recorded`);
  expect(await entries(api, "review.decision.signed", ref)).toBe(before + 1);
  await page.goto(place);
  await expect(decided).toContainText(/Signed by 1 of the \d+ who decided, with keys of their own: Ingrid Solberg\./);
  await expect(decided.getByRole("button", { name: "Sign the decision" })).toBeHidden();
});

/** The latest review on which someone recorded the decision, and which nobody signed yet. */
async function decidedBy(api: APIRequestContext, name: string): Promise<string> {
  const { items } = await (await api.get("reviews?view=decided&limit=100")).json();
  for (const { ref } of items) {
    const [latest] = (await (await api.get(`reviews/${ref}`)).json()).decisions;
    if (latest?.decider === name && latest.signatures.length === 0) return ref;
  }
  throw new Error(`${name} decided nothing in the demo`);
}
