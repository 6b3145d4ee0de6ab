import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sagemakerKeys } from "@/lib/testing/fakes/sagemaker";
import type { Fake } from "@/lib/testing/fakes/server";
import { type Moto, motoKeys, motoMissing, startMoto } from "@/lib/testing/moto";
import { monitorScene } from "@/lib/testing/scenes/sagemaker-monitor";
import { cloudWatchClient } from "./cloudwatch";
import { sagemakerMonitor } from "./source";

const missing = motoMissing();
const hour = 3_600_000;

/** moto has no Model Monitor: its endpoints and schedules are the contract fake's here, CloudWatch is moto's. */
describe.skipIf(missing)(`CloudWatch as moto has it${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let moto: Moto;
  let fake: Fake;
  const now = new Date();
  beforeAll(async () => {
    [moto, fake] = await Promise.all([startMoto(), monitorScene.start()]);
    const datum = (MetricName: string, Value: number, hours: number) => ({
      MetricName,
      Value,
      Timestamp: (now.getTime() - hours * hour) / 1000,
      Dimensions: [
        { Name: "EndpointName", Value: "fraud-live" },
        { Name: "VariantName", Value: "blue" },
      ],
    });
    await moto.cloudWatch("PutMetricData", {
      Namespace: "AWS/SageMaker",
      MetricData: [
        datum("Invocations", 6000, 2),
        datum("Invocations", 4000, 200),
        datum("Invocations", 900_000, 24 * 40),
        datum("Invocation5XXErrors", 5, 2),
      ],
    });
  }, 90_000);
  afterAll(async () => {
    await fake?.close();
    await moto?.stop();
  });

  test("counts of the last 30 days make the availability of the endpoint, in any size of page", async () => {
    const client = sagemakerMonitor.open(
      {
        baseUrl: fake.url,
        auth: "keys",
        username: motoKeys.accessKeyId,
        secret: motoKeys.secretAccessKey,
        settings: { region: sagemakerKeys.region, cloudwatch: moto.url },
      },
      [],
    );
    try {
      const { subjects, bad } = await client.read({ token: null, size: 100, now });
      // The fake's execution that makes no sense.
      expect(bad).toHaveLength(1);
      const told = Object.fromEntries(
        subjects.find((s) => s.subject === "fraud-live")?.observations.map((o) => [o.key, o.value]) ?? [],
      );
      expect(told).toMatchObject({
        "monitoring.rate": true,
        "monitoring.errors": true,
        "slo.attainment": 0.9995,
        "slo.error_budget_remaining": 0.5,
        "slo.reporting": true,
      });
      expect(await client.test(now)).toMatchObject({ ok: true, missing: [] });
    } finally {
      client.close();
    }
  });

  test("600 queries are asked in two calls, and each gets its own points", async () => {
    const client = cloudWatchClient(motoKeys, moto.url, sagemakerKeys.region);
    try {
      const queries = Array.from({ length: 600 }, (_, i) => ({
        metric: i === 555 ? "Invocation5XXErrors" : "Invocations",
        endpoint: i % 2 === 1 ? "fraud-live" : "idle",
        variant: "blue",
        stat: "Sum",
        periodS: 86_400,
      }));
      const { points, bad } = await client.data(queries, new Date(now.getTime() - 24 * hour), now);
      expect(bad).toEqual([]);
      expect(points.map((p) => p.map((x) => x.value)).filter((p) => p.length > 0)).toHaveLength(300);
      expect(points[555]?.map((p) => p.value)).toEqual([5]);
      expect(points[1]?.map((p) => p.value)).toEqual([6000]);
    } finally {
      client.close();
    }
  });
});
