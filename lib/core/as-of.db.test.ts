import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeStage } from "@/lib/models/change-stage";
import { claimModel } from "@/lib/models/claim";
import { editModel } from "@/lib/models/edit";
import { reportDeploymentEnd } from "@/lib/models/end-deployment";
import { modelCsv } from "@/lib/models/export";
import { portfolioOutlook } from "@/lib/models/outlook";
import { portfolioGet } from "@/lib/models/portfolio";
import { deploymentList, modelGet, modelList, versionList } from "@/lib/models/queries";
import { registerModel } from "@/lib/models/register";
import { registerVersion } from "@/lib/models/register-version";
import { reportDeployment } from "@/lib/models/report-deployment";
import { findReviews } from "@/lib/reviews/list";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { renameUnit } from "@/lib/units/rename";
import { registerUseCase } from "@/lib/use-cases/register";
import { parseAsOf } from "./as-of";
import type { Ctx } from "./command";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let owner: Ctx;
let admin: Ctx;
let build: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "architect");
  admin = await org.person("Ada Admin", "admin");
  build = org.service("pipeline");
  // The test's organisation is inserted without commands, so it stands in history from the database's present on.
  await t.db.execute(sql`update history set valid_from = '2026-10-01' where relation in ('business_unit', 'person')`);
});
afterAll(() => t.drop());

const at = (day: string): Date => new Date(`${day}T09:00:00Z`);
const past = (ctx: Ctx, when: Date): Ctx => ({ ...ctx, asOf: when });

/** Everything the inventory's pages read, as plain data. */
const seen = async (ctx: Ctx) =>
  JSON.parse(
    JSON.stringify({
      list: await modelList(ctx, { order: "name" }),
      model: await modelGet(ctx, { name: "credit-limit" }),
      versions: await versionList(ctx, { name: "credit-limit" }),
      deployments: await deploymentList(ctx, { name: "credit-limit" }),
      portfolio: await portfolioGet(ctx, {}),
      outlook: await portfolioOutlook(ctx, {}),
    }),
  );

describe("as of the past", () => {
  test("each day's pages, read later, are what was read on that day", async () => {
    const days: { day: Date; saw: unknown }[] = [];
    const steps: [string, () => Promise<unknown>][] = [
      [
        "2026-11-02",
        () =>
          registerModel(owner, {
            name: "credit-limit",
            description: "Suggests a limit.",
            kind: "classical",
            servingType: "batch",
            platform: "mlflow",
            businessUnit: "retail",
          }),
      ],
      ["2026-11-03", () => editModel(owner, { name: "credit-limit", revision: 1, description: "Sets the limit." })],
      ["2026-11-04", () => registerVersion(build, { name: "credit-limit", version: "1", digest: "a".repeat(64) })],
      ["2026-11-05", () => reportDeployment(build, { name: "credit-limit", version: "1", environment: "prod" })],
      ["2026-11-06", () => renameUnit(admin, { unit: "retail", name: "Retail lending" })],
      [
        "2026-11-07",
        () =>
          registerUseCase(owner, {
            name: "Limits",
            problem: "Set limits that people can carry.",
            sponsor: "Head of Retail",
            businessUnit: "retail",
          }),
      ],
      ["2026-11-08", () => registerVersion(build, { name: "credit-limit", version: "2", digest: "b".repeat(64) })],
      ["2026-11-09", () => reportDeployment(build, { name: "credit-limit", version: "2", environment: "prod" })],
      ["2026-11-10", () => reportDeploymentEnd(build, { name: "credit-limit", environment: "prod" })],
      ["2026-11-11", () => changeStage(owner, { name: "credit-limit", to: "retired" })],
      [
        "2026-11-12",
        () => claimModel(owner, { name: "credit-limit", businessUnit: "claims", kind: "agent", servingType: "online" }),
      ],
    ];
    for (const [day, step] of steps) {
      org.now.at = at(day);
      await step();
      days.push({ day: at(day), saw: await seen(owner) });
    }
    org.now.at = at("2026-11-20");
    for (const { day, saw } of days) {
      expect(await seen(past(owner, day)), day.toISOString()).toEqual(saw);
      // An hour later nothing had happened since.
      expect(await seen(past(owner, new Date(day.getTime() + 3_600_000)))).toEqual(saw);
    }
  });

  test("a model that was not there yet is not there, and the list is empty", async () => {
    const before = past(owner, at("2026-11-01"));
    expect(await modelList(before, {})).toMatchObject({ models: [], total: 0 });
    await expect(modelGet(before, { name: "credit-limit" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("a state names the log entry that made it", async () => {
    const { rows } = await t.db.execute<{ name: string | null }>(sql`
      select e.name from history h left join log_entry e on e.id = h.entry_id where h.relation = 'model' order by h.valid_from`);
    expect(rows.map((r) => r.name)).toEqual([
      "model.registered",
      "model.edited",
      "model.stage.changed",
      "model.claimed",
    ]);
  });

  test("seeing a model again is no news", async () => {
    const count = sql`select count(*)::int as n from history where relation = 'model'`;
    const before = (await t.db.execute<{ n: number }>(count)).rows[0]?.n;
    await t.db.execute(sql`update model set last_seen_at = now(), missed_sweeps = missed_sweeps + 1`);
    expect((await t.db.execute<{ n: number }>(count)).rows[0]?.n).toBe(before);
  });

  test("nothing can be done in the past", async () => {
    await expect(
      changeStage(past(owner, at("2026-11-05")), { name: "credit-limit", to: "live" }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("cannot be changed") });
  });

  test("an export as of the past holds what was there, and is noted", async () => {
    const csv = await (await modelCsv(owner, { asof: "2026-11-03" })).text();
    expect(csv.split("\r\n")[1]).toMatch(/^credit-limit,Sets the limit\.,retail,Retail credit,/);
  });

  test("what is not kept refuses instead of showing the present", async () => {
    await expect(findReviews(past(owner, at("2026-11-05")), {})).rejects.toMatchObject({
      code: "invalid",
      faults: [{ field: "asof" }],
    });
  });
});

describe("the address", () => {
  const now = new Date("2026-11-20T10:00:00Z");
  test.each([
    [undefined, null],
    ["", null],
    ["2026-11-20", null],
    ["2026-09-01", "2026-09-01T23:59:59.999Z"],
    ["2026-09-01T12:00:00Z", "2026-09-01T12:00:00.000Z"],
  ])("%s means %s", (raw, means) => {
    expect(parseAsOf(raw, now)?.toISOString() ?? null).toBe(means);
  });
  test.each(["2026-11-21", "2026-02-30", "yesterday", "0001-01-01", ["2026-09-01", "2026-09-02"], "2026-09"])(
    "%s is refused in words",
    (raw) => {
      expect(() => parseAsOf(raw, now)).toThrow(/^asof: /);
    },
  );
});
