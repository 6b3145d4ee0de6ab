import { expect, test } from "vitest";
import { openSource } from "@/lib/connectors/sources";
import { airflowUser, startFakeAirflow } from "@/lib/testing/fakes/airflow";
import { airflowPlace } from "@/lib/testing/scenes/airflow";
import { sceneNow } from "@/lib/testing/source-scene";

async function told(version: "3" | "2", schedules: Readonly<Record<string, string>> = {}) {
  const place = airflowPlace(version);
  for (const dag of place.dags) dag.schedule = schedules[dag.id] ?? dag.schedule;
  const fake = await startFakeAirflow(place);
  const { name: username, password: secret } = airflowUser;
  const target = { baseUrl: fake.url, auth: "password", username, secret, settings: { version } };
  const client = await openSource("airflow", target, []);
  try {
    return (await client.read({ token: null, size: 100, now: sceneNow })).subjects;
  } finally {
    client.close();
    await fake.close();
  }
}

test("Airflow 2 and Airflow 3 tell the same", async () => {
  const three = await told("3");
  expect(three.map((s) => s.declared)).toContain("card-fraud");
  expect(await told("2")).toEqual(three);
});

test("a schedule by time delta has a cadence, one by assets has none", async () => {
  const cadence = async (schedule: string) =>
    (await told("3", { fraud_training: schedule }))
      .find((s) => s.subject === "fraud_training")
      ?.observations.find((o) => o.key === "pipeline.cadence_hours")?.value;
  expect(await cadence("1 day, 0:00:00")).toBe(24);
  expect(await cadence("6:30:00")).toBe(6.5);
  expect(await cadence("Asset")).toBeUndefined();
});
