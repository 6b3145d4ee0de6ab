import { registryKinds } from "@/lib/connectors/kinds";
import type { RegistrySystem } from "@/lib/connectors/systems";
import { platformName } from "@/lib/models/model";
import { clouds, smallScene } from "@/lib/testing/fakes/clouds";
import { expect, test } from "./test";

test.use({ demo: true });

const suffix = Date.now().toString(36);

for (const system of Object.keys(clouds) as (keyof typeof clouds & RegistrySystem)[]) {
  const cloud = clouds[system];
  const kind = registryKinds[system];
  test(`an administrator connects ${kind.title}: what is missing is named, what would come is shown, then it comes`, async ({
    pageAs,
    accessible,
  }) => {
    const scene = smallScene(cloud.alias);
    const names = scene.models.map((m) => m.name);
    for (const m of scene.models) m.name = `${m.name}-${suffix}`;
    for (const s of scene.endpoints.flatMap((e) => e.slots)) s.model = `${s.model}-${suffix}`;
    const fake = await cloud.start(scene);
    try {
      const target = cloud.target(fake.url);
      const page = await pageAs("Elin Brandt");
      await page.goto("/admin/connections");
      await page.getByLabel("Registry", { exact: true }).selectOption({ label: kind.title });
      await page.getByLabel("Name", { exact: true }).fill(`${kind.title} ${suffix}`);
      await page.getByLabel(kind.address.label).fill(target.baseUrl);
      const [way] = kind.signIn;
      if (way?.username) await page.getByLabel(way.username, { exact: true }).fill(target.username ?? "");
      await page.getByLabel(way?.secret?.label ?? "", { exact: true }).fill(target.secret ?? "");
      for (const [name, value] of Object.entries(target.settings)) {
        const field = page.locator(`[name="settings.${name}"]`);
        if ((await field.evaluate((e) => e.tagName)) === "SELECT") await field.selectOption(String(value));
        else await field.fill(String(value));
      }
      await page.getByLabel(kind.prodAlias.label).fill(cloud.alias);

      fake.denied = cloud.listing.denied;
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(page.getByText(cloud.listing.permission).first()).toBeVisible({ timeout: 20_000 });
      await accessible(page);
      fake.denied = null;
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(page.getByText(/ with 3 /).first()).toBeVisible({ timeout: 20_000 });

      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await expect(page).toHaveURL(/admin\/connections\/[0-9a-f-]{36}/);
      await expect(page.getByText(/3 models.* would be imported/)).toBeVisible({ timeout: 20_000 });
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await expect(page.getByRole("cell", { name: "Completed" })).toBeVisible({ timeout: 60_000 });
      await accessible(page);

      await page.goto(`/models?q=${names[0]}-${suffix}`);
      await page
        .getByRole("row", { name: new RegExp(platformName[kind.platform(target.baseUrl)]) })
        .getByRole("link", { name: new RegExp(`${names[0]}-${suffix}`) })
        .click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText(`${names[0]}-${suffix}`);
      await expect(page.getByText("Unclaimed").first()).toBeVisible();
      await expect(page.getByRole("heading", { name: "As the platform tells it" })).toBeVisible();
      await accessible(page);
    } finally {
      await fake.close();
    }
  });
}
