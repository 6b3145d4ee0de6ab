import { expect, test } from "./test";

test.use({ demo: false });

test("the portal says that it is ready, and of what parts", async ({ request }) => {
  const response = await request.get("/api/ready");
  expect(response.status()).toBe(200);
  expect((await response.json()).parts.map((p: { part: string }) => p.part)).toEqual([
    "database",
    "migrations",
    "log",
    "jobs",
  ]);
});

test("a visitor is asked to sign in", async ({ page, accessible }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/sign-in/);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await accessible(page);
});

test("the API answers without a token with a problem that names the remedy", async ({ request }) => {
  const response = await request.get("/api/v1/models");
  expect(response.status()).toBe(401);
  expect(response.headers()["content-type"]).toContain("application/problem+json");
  expect((await response.json()).detail).toContain("API token");
});
