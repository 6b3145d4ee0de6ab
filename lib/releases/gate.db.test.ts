import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { evaluateGate } from "./gate";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const now = new Date("2026-11-20T12:00:00Z");

test("a model that the inventory does not know is denied by name", async () => {
  const answer = await evaluateGate(
    database.db,
    { model: "no-such-model", version: "1", digest: "a".repeat(64), environment: "prod" },
    now,
  );
  expect(answer).toMatchObject({ decision: "deny", reasons: [{ code: "UNKNOWN_MODEL" }], release: null });
});

test("an environment without a policy is denied", async () => {
  const answer = await evaluateGate(database.db, { model: "x", version: "1", digest: null, environment: "dev" }, now);
  expect(answer.reasons.map((r) => r.code)).toEqual(["WRONG_ENVIRONMENT"]);
});
