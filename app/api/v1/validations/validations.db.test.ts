import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database as ofProcess } from "@/db/client";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { assess } from "@/lib/readiness/assess";
import { noParams } from "@/lib/testing/api";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { validationList } from "@/lib/validations/queries";
import { retireValidation } from "@/lib/validations/retire";
import { POST } from "./route";

let database: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let pipeline: Ctx;
const token = "cs_test_pipeline";
const ids: Record<string, string> = { "card-fraud": newId(), churn: newId(), "claims-triage": newId() };
const now = Date.now();
const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "validations-api-"));
  org = await testOrg(database.db);
  org.now.at = new Date(now);
  for (const [name, unit] of [
    ["card-fraud", org.units.retail],
    ["churn", org.units.retail],
    ["claims-triage", org.units.claims],
  ])
    await database.db.execute(
      `insert into model (id, name, platform, stage, tier, kind, serving_type, business_unit_id, created_at, updated_at)
       values ('${ids[name ?? ""]}', '${name}', 'mlflow', 'review', 2, 'classical', 'online', '${unit}', now(), now())`,
    );
  pipeline = await org.person("Pipeline", "service", [org.units.retail]);
  await database.db.execute(
    `insert into role_grant (id, person_id, role, business_unit_id, granted_by, granted_at) values ('${newId()}', '${pipeline.actor.id}', 'service', '${org.units.retail}', 'test', now())`,
  );
  await database.db.execute(
    `insert into api_token (id, name, hash, prefix, actor_kind, person_id, roles, created_by, created_at)
     values ('${newId()}', 'Pipeline', '\\x${createHash("sha256").update(token).digest("hex")}', 'cs_test', 'person', '${pipeline.actor.id}', '{}', 'test', now())`,
  );
});
afterAll(async () => {
  await ofProcess().pool.end();
  await database.drop();
});

const send = async (body: BodyInit, search = "model=card-fraud&run=build-7", headers: Record<string, string> = {}) => {
  const answer = await POST(
    new Request(`http://localhost:3000/api/v1/validations?${search}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    }),
    noParams,
  );
  return { status: answer.status, body: await answer.json() };
};
const result = (suite: string, at: string, unmet: readonly string[] = []) =>
  JSON.stringify({
    success: unmet.length === 0,
    suite_name: suite,
    statistics: {
      evaluated_expectations: 5,
      successful_expectations: 5 - unmet.length,
      unsuccessful_expectations: unmet.length,
    },
    results: unmet.map((column) => ({
      success: false,
      expectation_config: { type: "expect_column_values_to_not_be_null", kwargs: { column } },
      result: { partial_unexpected_list: ["Ada Lovelace"] },
    })),
    meta: { run_id: { run_name: null, run_time: at }, active_batch_definition: { data_asset_name: "payments" } },
  });
const value = (body: { facts: { key: string; value: unknown }[] }) =>
  Object.fromEntries(body.facts.map((f) => [f.key, f.value]));

test("all suites of a model stand together: one that fails or is old is not hidden by another, and one that is retired no longer counts", async () => {
  const first = await send(result("payments", ago(30), ["amount"]));
  expect(first.status).toBe(201);
  expect(value(first.body)).toEqual({
    "data.gates_last_run_at": ago(30),
    "data.gates_passed": false,
    "data.expectations": 5,
    "data.expectations_unmet": 1,
  });
  const second = await send(result("customers", ago(1)));
  expect(value(second.body)).toMatchObject({ "data.gates_last_run_at": ago(30), "data.gates_passed": false });
  // Sent again and out of order: the newest of each suite stands.
  expect((await send(result("customers", ago(20), ["name"]))).body.validations).toMatchObject([{ late: true }]);
  expect(value((await send(result("payments", ago(2)))).body)).toMatchObject({
    "data.gates_passed": true,
    "data.gates_last_run_at": ago(2),
    "data.expectations": 10,
  });
  const again = await send(result("payments", ago(2)));
  expect(value(again.body)).toMatchObject({ "data.gates_passed": true });

  await send(result("customers", ago(0.5), ["name"]));
  const owner = await org.person("Mara Owner", "contributor", [org.units.retail]);
  const { validations } = await validationList(owner, { name: "card-fraud" });
  expect(validations.map((v) => [v.suite, v.unmet])).toEqual([
    ["payments", []],
    ["customers", ["expect_column_values_to_not_be_null of name"]],
  ]);
  const failing = validations[1]?.id ?? "";
  expect(value(await retireValidation(pipeline, { name: "card-fraud", id: failing }))).toMatchObject({
    "data.gates_passed": true,
  });
  await expect(retireValidation(pipeline, { name: "card-fraud", id: failing })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(retireValidation(owner, { name: "card-fraud", id: failing })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("values of the data are kept nowhere", async () => {
  const { rows } = await database.db.execute(
    `select (select count(*) from data_validation) as kept, (select count(*) from log_entry where body::text like '%Lovelace%')
       + (select count(*) from data_validation d where d::text like '%Lovelace%') as told`,
  );
  expect(rows[0]).toEqual({ kept: "2", told: "0" });
});

test("a validation's way to readiness item dat-1: unknown until the pipeline says that it blocks, and failing once it is old", async () => {
  const state = async (hours = 0) =>
    (await assess(database.db, ids.churn ?? "", null, new Date(now + hours * 3_600_000))).items.find(
      (i) => i.id === "dat-1",
    )?.state;
  await send(result("churn", ago(30)), "model=churn");
  expect(await state()).toBe("unknown");
  await send(result("churn", ago(30)), "model=churn&blocking=true");
  expect(await state()).toBe("pass");
  expect(await state(19)).toBe("fail");
  expect(await state(72)).toBe("unknown");
  await send(result("churn", ago(29)), "model=churn&blocking=false");
  expect(await state()).toBe("fail");
});

test("what is too large, compressed, malformed, from the future or of another team is refused, and nothing is written", async () => {
  const count = async () =>
    (
      await database.db.execute(
        `select (select count(*) from data_validation) || '/' || (select count(*) from log_entry) || '/' || (select count(*) from fact) as n`,
      )
    ).rows[0];
  const before = await count();
  const status = async (...given: Parameters<typeof send>) => {
    const { status: code, body } = await send(...given);
    return [code, body.detail];
  };
  const good = result("s", ago(1));
  expect(await status(good, "model=card-fraud", { "content-length": String(200 * 1024 * 1024) })).toEqual([
    413,
    expect.stringContaining("20 MB"),
  ]);
  expect(await status(gzipSync(good))).toEqual([415, expect.stringContaining("compressed")]);
  expect(await status("", "model=card-fraud")).toEqual([400, expect.stringContaining("empty")]);
  expect(await status(good.slice(0, 40))).toEqual([400, expect.stringContaining("not valid JSON")]);
  expect(await status("{}")).toEqual([400, expect.stringContaining("no result of Great Expectations")]);
  expect(await status(`[${good},{"success":true}]`)).toEqual([400, expect.stringContaining("1.statistics")]);
  expect(await status(good, "model=card-fraud", { "content-type": "text/plain" })).toEqual([415, expect.anything()]);
  expect(await status(result("s", ago(-2)))).toEqual([400, expect.stringContaining("future")]);
  expect(await status(`[${good},${result("t", ago(-2))}]`)).toEqual([400, expect.stringContaining("future")]);
  expect(await status(good, "model=card-fraud&blocking=yes")).toEqual([400, expect.stringContaining("blocking")]);
  expect((await status(good, ""))[0]).toBe(400);
  expect((await status(good, "model=claims-triage"))[0]).toBe(404);
  expect((await status(good, "model=no-such-model"))[0]).toBe(404);
  expect(await count()).toEqual(before);
});
