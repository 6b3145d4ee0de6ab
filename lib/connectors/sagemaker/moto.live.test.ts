import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RegistryClient } from "@/lib/connectors/registry";
import { clouds, smallScene } from "@/lib/testing/fakes/clouds";
import { readAll } from "@/lib/testing/fakes/read-all";
import { sagemakerKeys } from "@/lib/testing/fakes/sagemaker";
import type { Fake } from "@/lib/testing/fakes/server";
import { type Moto, motoMissing, seedMoto, startMoto } from "@/lib/testing/moto";
import { sagemaker } from "./registry";

const missing = motoMissing();
describe.skipIf(missing)(`SageMaker as moto has it${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let moto: Moto;
  let fake: Fake;
  let real: RegistryClient;
  let told: RegistryClient;
  const scene = () => {
    // moto numbers versions from one.
    const made = smallScene("Approved");
    for (const m of made.models) for (const [i, v] of m.versions.entries()) v.version = String(i + 1);
    return made;
  };
  beforeAll(async () => {
    moto = await startMoto();
    await seedMoto(moto, scene());
    fake = await clouds.sagemaker.start(scene());
    const target = clouds.sagemaker.target(fake.url);
    told = sagemaker.open(target);
    real = sagemaker.open({ ...target, baseUrl: moto.url, settings: { region: sagemakerKeys.region } });
  });
  afterAll(async () => {
    real?.close();
    told?.close();
    await fake?.close();
    await moto?.stop();
  });

  /** What both must say alike: everything but when it was made, by whom, and the record itself. */
  const same = async (client: RegistryClient, size: number) => {
    const all = await readAll(client, size);
    return {
      models: all.models.map(({ raw: _, ...m }) => m).sort((a, b) => (a.id < b.id ? -1 : 1)),
      versions: all.versions
        .map(({ raw: _, registeredAt: __, changedAt: ___, user: ____, ...v }) => v)
        .sort((a, b) => (`${a.model.id} ${a.version}` < `${b.model.id} ${b.version}` ? -1 : 1)),
      serving: all.serving.map(({ raw: _, changedAt: __, ...s }) => s),
      bad: all.bad,
      unread: all.unread,
    };
  };

  test.each([100, 1])("reads the same from moto as from the contract fake, in pages of %i", async (size) => {
    const seen = await same(real, size);
    expect(seen.versions).toHaveLength(4);
    expect(seen.serving).toHaveLength(2);
    expect(seen).toEqual(await same(told, size));
  });

  test("the test finds the account and what is there", async () => {
    expect(await real.test()).toMatchObject({ ok: true, models: 3, identity: "AWS account 123456789012", skewMs: 0 });
  });

  test("approves, reads back, does nothing the second time, and goes back", async () => {
    const to = { model: { id: "card-fraud", name: "card-fraud" }, alias: "Approved" };
    const writes = await real.promotion?.promote({ ...to, version: "3", releaseRef: "REL-0007" });
    expect(writes).toHaveLength(1);
    expect(await real.promotion?.readBack(to.model, to.alias)).toBe("3");
    expect(await real.promotion?.promote({ ...to, version: "3", releaseRef: "REL-0007" })).toEqual([]);
    await real.promotion?.promote({ ...to, version: "1", releaseRef: "REL-0008" });
    expect(await real.promotion?.readBack(to.model, to.alias)).toBe("1");
    const { versions } = await readAll(real);
    const fraud = versions.filter((v) => v.model.id === "card-fraud");
    expect(fraud.map((v) => `${v.version} ${v.status} ${v.tags["countersign.release"] ?? ""}`.trim())).toEqual([
      "1 Approved REL-0008",
      "2 PendingManualApproval",
      "3 PendingManualApproval REL-0007",
    ]);
  });
});
