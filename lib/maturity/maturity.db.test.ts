import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { models } from "@/db/schema/models";
import { teams } from "@/db/schema/org";
import { newId } from "@/lib/core/ids";
import { checkReadiness } from "@/lib/readiness/take";
import { testDatabase } from "@/lib/testing/database";
import { days, mara, outsider, person, type Readiness, service, slo, testReadiness } from "@/lib/testing/readiness";
import { assessMaturity } from "./assess";
import { maturityContent } from "./find";
import { maturityOfTeam, maturityOfTeams } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
  await w.fresh();
  const [model] = await t.db.update(models).set({ stage: "live" }).where(eq(models.id, w.model.id)).returning();
  await t.db
    .insert(teams)
    .values({ id: newId(), name: "Fraud", businessUnitId: model?.businessUnitId ?? "", createdAt: days(0) });
});
afterAll(() => t.drop());

const all = (over: object = {}) =>
  Object.fromEntries(
    maturityContent().dimensions.flatMap((d) => d.statements.map((s) => [s.id, { yes: true, ...over }] as const)),
  );

test("what is claimed stays at 2, what is measured decides, and each time is a row of the trend", async () => {
  const claimed = await assessMaturity(w.as(mara), { team: "Fraud", answers: all() });
  expect(claimed.levels.data).toBe(2);
  const evidence = { evidence: "https://wiki.example/fraud" };
  const evidenced = await assessMaturity(w.as(mara, days(1)), { team: "Fraud", answers: all(evidence) });
  expect(evidenced.levels.operation).toBe(4);

  await w.observe({ ...slo, "slo.reporting": false }, days(2));
  await checkReadiness(w.as(mara, days(2)), { name: w.model.name });
  const measured = await assessMaturity(w.as(mara, days(2)), { team: "Fraud", answers: all(evidence) });
  expect(measured.levels.operation).toBe(2);
  expect(measured.overall).toBeLessThanOrEqual(2);
  const page = await maturityOfTeam(w.as(mara), { team: "Fraud" });
  expect(page.last?.answers.find((a) => a.statement === "ope-3")).toMatchObject({ holds: false, basis: "measured" });
  expect(page.trend.map((x) => x.levels.operation)).toEqual([2, 4, 2]);
  const { items } = await maturityOfTeams(w.as(mara), {});
  expect(items).toMatchObject([{ team: "Fraud", overall: measured.overall, before: evidenced.overall }]);
});

test("strangers, services and unknown statements are refused", async () => {
  const answer = (ctx: ReturnType<Readiness["as"]>, answers: object) => assessMaturity(ctx, { team: "Fraud", answers });
  await expect(answer(w.as(outsider), {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(answer(w.as(service), {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(answer(w.as(person("Agnes", ["auditor"], null)), {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(answer(w.as(mara), { "no-1": { yes: true } })).rejects.toMatchObject({ code: "invalid" });
  await expect(answer(w.as(mara), { "data-1": { yes: "yes" } })).rejects.toMatchObject({ code: "invalid" });
  await expect(assessMaturity(w.as(mara), { team: "Nobody", answers: {} })).rejects.toMatchObject({
    code: "not_found",
  });
});
