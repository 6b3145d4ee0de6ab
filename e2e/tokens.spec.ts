import { cli } from "./cli";
import { expect, test } from "./test";

test.use({ demo: true });

test("a token made on the machine acts as its person, within its scopes, until it is revoked", async ({
  pageAs,
  portal,
  request,
  api,
}) => {
  const name = `Shell of the test ${Date.now()}`;
  const make = (...args: string[]) => cli(["token", "create", ...args], { DATA_DIR: portal.dataDir, DATABASE_URL: "" });
  const made = make("--as", "priya.raman@halden.example", "--name", name, "--scopes", "inventory:read", "--days", "1");
  expect(made.code, made.out).toBe(0);
  const token = made.out.trim();
  expect(token).toMatch(/^cs_\S{32,}$/);

  const headers = { authorization: `Bearer ${token}` };
  const models = await request.get("/api/v1/models?limit=1", { headers });
  expect(models.status()).toBe(200);
  const outside = await request.get("/api/v1/log/entries?limit=1", { headers });
  expect(outside.status()).toBe(403);
  expect((await outside.json()).detail).toContain("do not let you read the log");
  const units = await request.post("/api/v1/units", { headers, data: { slug: "by-token", name: "By token" } });
  expect(units.status()).toBe(403);

  const listed = await (await api.get("log/entries?name=token.provided&limit=5")).json();
  expect(listed.entries[0].summary).toBe(`provided a token for Priya Raman: ${name}`);
  expect(JSON.stringify(listed)).not.toContain(token);

  const admin = await pageAs("Elin Brandt");
  await admin.goto("/admin/tokens");
  const row = admin.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Revoke" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row.getByText("Revoked")).toBeVisible();
  const after = await request.get("/api/v1/models?limit=1", { headers });
  expect(after.status()).toBe(401);
  expect((await after.json()).detail).toMatch(/revoked/i);
});

test("the command refuses an unknown person, a right that does not exist, and too many days", async ({ portal }) => {
  const make = (...args: string[]) => cli(["token", "create", ...args], { DATA_DIR: portal.dataDir, DATABASE_URL: "" });
  for (const [args, said] of [
    [["--as", "nobody@halden.example"], /nobody@halden.example|no (such )?person/i],
    [["--as", "priya.raman@halden.example", "--scopes", "everything"], /no such right/],
    [["--as", "priya.raman@halden.example", "--days", "4000"], /366/],
    [[], /--as EMAIL is missing/],
  ] as const) {
    const refused = make(...args);
    expect(refused.code, refused.out).toBe(2);
    expect(refused.out).toMatch(said);
    expect(refused.out).not.toMatch(/^cs_/m);
  }
});
