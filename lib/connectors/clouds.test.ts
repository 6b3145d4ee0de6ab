import { afterEach, describe, expect, test } from "vitest";
import type { Registry, RegistryClient } from "@/lib/connectors/registry";
import { clouds, smallScene } from "@/lib/testing/fakes/clouds";
import { type ReadAll, readAll } from "@/lib/testing/fakes/read-all";
import type { Fake, Fault } from "@/lib/testing/fakes/server";
import { azureMl } from "./azure-ml/registry";
import { sagemaker } from "./sagemaker/registry";
import { snowflake } from "./snowflake/registry";
import { vertexAi } from "./vertex-ai/registry";

const registries: Record<keyof typeof clouds, Registry> = {
  sagemaker,
  vertex_ai: vertexAi,
  azure_ml: azureMl,
  snowflake,
};
const limits = { tries: 4, pauseMs: 1, timeoutMs: 400, budgetMs: 20_000 };

/** The same whatever the order and however often each came. */
function settled(all: ReadAll) {
  const by = <T>(rows: readonly T[], key: (row: T) => string) =>
    [...new Map(rows.map((r) => [key(r), r] as const))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, r]) => r);
  return {
    models: by(all.models, (m) => m.id),
    versions: by(all.versions, (v) => `${v.model.id} ${v.version}`),
    serving: by(all.serving, (s) => s.id),
  };
}

describe.each(Object.keys(clouds) as (keyof typeof clouds)[])("%s", (system) => {
  const cloud = clouds[system];
  const open: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  const start = async (): Promise<{ fake: Fake; client: RegistryClient }> => {
    const fake = await cloud.start(smallScene(cloud.alias));
    const client = registries[system].open(cloud.target(fake.url), limits);
    open.push(client.close, fake.close);
    return { fake, client };
  };
  const clean = async () => settled(await readAll((await start()).client));

  test("reads models with aliases, versions with what is known of them, and what serves", async () => {
    const { client } = await start();
    const all = await readAll(client);
    const seen = settled(all);
    const id = cloud.idOf("card-fraud");
    expect(all.bad).toEqual([]);
    expect(all.unread).toEqual([]);
    expect(seen.models.map((m) => m.id).sort()).toEqual(
      ["card-fraud", "churn", "no-versions-yet"].map(cloud.idOf).sort(),
    );
    const fraud = seen.models.find((m) => m.id === id);
    expect(fraud?.aliases).toEqual([{ alias: cloud.alias, version: "2" }]);
    expect(fraud?.description).toBe("Scores card payments.");
    if (system !== "snowflake") expect(fraud?.tags).toEqual({ team: "risk" });
    const versions = seen.versions.filter((v) => v.model.id === id);
    expect(versions.map((v) => v.version)).toEqual(["1", "2", "3"]);
    expect(versions[1]).toMatchObject({
      digest: cloud.digests ? "ab".repeat(32) : null,
      digestTag: cloud.digests ? "countersign.digest" : null,
      commit: cloud.commits ? "1d2e3f4a5b" : null,
      registeredAt: "2026-03-03T00:00:00.000Z",
    });
    expect(versions[2]?.digest).toBeNull();
    expect(seen.serving.map((s) => ({ model: s.model, version: s.version, traffic: s.traffic }))).toEqual([
      { model: id, version: "2", traffic: cloud.splits ? 90 : null },
      { model: id, version: "3", traffic: cloud.splits ? 10 : null },
    ]);
    expect(seen.serving.every((s) => s.region !== null && s.state !== "unknown")).toBe(true);
  });

  test("where it keeps no digest it says why", async () => {
    const { client } = await start();
    const model = { id: cloud.idOf("churn"), name: "churn" };
    const answer = await client.artifacts?.({ id: "x", model, version: "4", runId: null });
    expect(answer).toMatchObject({ digest: null, source: expect.stringMatching(/^unknown: .{20}/) });
  });

  test.each<[string, (fake: Fake) => void, number]>([
    ["pages of one", (f) => Object.assign(f, { pageSize: 1 }), 1],
    ["pages that are empty and not the last", (f) => Object.assign(f, { emptyPages: true }), 2],
    ["records twice and out of order", (f) => Object.assign(f, { shuffled: true }), 2],
    ["a clock ten minutes ahead", (f) => Object.assign(f, { skewMs: 600_000 }), 100],
    ["a clock ten minutes behind", (f) => Object.assign(f, { skewMs: -600_000 }), 100],
    ...(["429 seconds", "429 date", "500", "truncated", "slow", "expired"] as const).map(
      (fault): [string, (fake: Fake) => void, number] => [fault, (f) => f.faults.push(fault, fault), 100],
    ),
  ])("%s: the same is read", async (_what, turn, size) => {
    const { fake, client } = await start();
    turn(fake);
    // A token that is refused twice in a row is refused for good; an answer that never ends costs a second each.
    if (fake.faults[0] === "expired" || fake.faults[0] === "slow") fake.faults.length = 1;
    expect(settled(await readAll(client, size))).toEqual(await clean());
  });

  test("a page is resumed by another process from its token alone", async () => {
    const { fake, client } = await start();
    const got: ReadAll = { models: [], versions: [], serving: [], bad: [], unread: [] };
    let token: string | null = null;
    do {
      const again = registries[system].open(cloud.target(fake.url), limits);
      const page = await again.read({ token, since: null, size: 1 });
      again.close();
      got.models.push(...page.models);
      got.versions.push(...page.versions);
      got.serving.push(...page.serving);
      token = page.next;
    } while (token !== null);
    expect(settled(got)).toEqual(settled(await readAll(client)));
  });

  test("a record that cannot be understood is kept apart, told by its key, and the rest is read", async () => {
    const { fake, client } = await start();
    const [fraud] = fake.scene.models;
    if (fraud?.versions[0]) fraud.versions[0].bad = true;
    const all = await readAll(client);
    expect(all.bad).toEqual([
      {
        stream: "versions",
        key: expect.stringContaining("1"),
        reason: expect.stringMatching(/Time|created/),
        raw: expect.any(String),
      },
    ]);
    expect(all.versions.map((v) => v.version).sort()).toEqual(["2", "3", "4"]);
    expect(all.models).toHaveLength(3);
  });

  test("a permission that is missing is told by the platform's name of it", async () => {
    const { fake, client } = await start();
    fake.denied = cloud.listing.denied;
    const tested = await client.test();
    expect(tested).toMatchObject({ ok: false, missing: [cloud.listing.permission] });
    expect(tested.summary).toContain(cloud.listing.permission);
    await expect(readAll(client)).rejects.toMatchObject({ kind: "forbidden", permission: expect.any(String) });
  });

  test("where what serves may not be seen, the rest is read and the gap is said", async () => {
    const { fake, client } = await start();
    if (!cloud.serving) return;
    fake.denied = cloud.serving.denied;
    const all = await readAll(client);
    expect(all.versions).toHaveLength(4);
    expect(all.unread[0]).toContain("serving: ");
    expect((await client.test()).missing).toEqual([cloud.serving.permission]);
  });

  test("a test says as whom, what is there and how far the clocks are apart; it writes nothing", async () => {
    const { fake, client } = await start();
    const before = JSON.stringify(fake.scene);
    const tested = await client.test();
    expect(tested).toMatchObject({ ok: true, models: 3, more: false, missing: [] });
    // Dates in headers are whole seconds, and an answer may be slow.
    expect(Math.abs(tested.skewMs ?? 0)).toBeLessThan(10_000);
    expect(tested.identity).toMatch(/123456789012|countersign@|service principal|COUNTERSIGN/);
    fake.skewMs = 600_000;
    expect((await client.test()).skewMs).toBeGreaterThan(590_000);
    expect(JSON.stringify(fake.scene)).toBe(before);
    expect((await client.outline(2)).models).toHaveLength(2);
  });

  test("wrong credentials are said as such, without them", async () => {
    const { fake } = await start();
    const target = cloud.target(fake.url);
    const secret = "not-the-secret-0123456789";
    const attempt = async () => {
      const client = registries[system].open({ ...target, secret }, limits);
      open.push(client.close);
      return client.read({ token: null, since: null, size: 10 });
    };
    const fault = await attempt().catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: "unauthorized" });
    expect(String(fault)).not.toContain(secret);
  });

  test("promotes, reads back, and does nothing the second time", async () => {
    const { client } = await start();
    const model = { id: cloud.idOf("card-fraud"), name: "card-fraud" };
    const { promotion } = client;
    expect(await promotion?.readBack(model, cloud.alias)).toBe("2");
    const to = { model, version: "3", alias: cloud.alias, releaseRef: "REL-0007" };
    const writes = await promotion?.promote(to);
    expect(writes?.length).toBeGreaterThan(0);
    expect(JSON.stringify(writes)).not.toMatch(/Bearer|Signature/);
    expect(await promotion?.readBack(model, cloud.alias)).toBe("3");
    expect(await promotion?.promote(to)).toEqual([]);
    const seen = settled(await readAll(client));
    expect(seen.models.find((m) => m.id === model.id)?.aliases).toContainEqual({ alias: cloud.alias, version: "3" });
    // Back to what served before.
    await promotion?.promote({ ...to, version: "2", releaseRef: "REL-0008" });
    expect(await promotion?.readBack(model, cloud.alias)).toBe("2");
    expect(await promotion?.readBack({ id: cloud.idOf("churn"), name: "churn" }, cloud.alias)).toBeNull();
  });

  test("after too many failures it says what happened", async () => {
    const { fake, client } = await start();
    const fault: Fault = "500";
    fake.faults.push(...Array.from({ length: 40 }, () => fault));
    await expect(readAll(client)).rejects.toMatchObject({ kind: "server" });
  });
});
