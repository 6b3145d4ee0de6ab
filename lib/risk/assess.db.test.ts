import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { models } from "@/db/schema/models";
import { testDatabase } from "@/lib/testing/database";
import { days, mara, type Readiness, testReadiness } from "@/lib/testing/readiness";
import { assessRisk } from "./assess";
import { questionIds } from "./tier";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

const calm = Object.fromEntries(questionIds.map((q) => [q, 1]));

test("answering the risk questions sets tier, driver and class, and moves readiness along", async () => {
  const result = await assessRisk(w.as(mara), {
    name: w.model.name,
    answers: { ...calm, Q1: 3 },
    legalClass: "minimal",
  });
  expect(result).toMatchObject({ tier: 2, provisional: false, score: 30.5 });
  const [row] = await t.db.select().from(models).where(eq(models.id, w.model.id));
  expect(row).toMatchObject({ tier: 2, tierDriver: "customer harm", tierProvisional: false, legalClass: "minimal" });
  expect(await w.item("own-2")).toMatchObject({ state: "pass", source: "Countersign" });
  expect(await w.item("own-2", days(400))).toMatchObject({ state: "fail" });
  expect(await w.logged()).toEqual(["risk.assessed"]);
});

test("a prohibited use has no tier; an unanswered question makes the tier provisional", async () => {
  await assessRisk(w.as(mara), { name: w.model.name, answers: calm, legalClass: "prohibited" });
  const [row] = await t.db.select().from(models).where(eq(models.id, w.model.id));
  expect(row?.tier).toBeNull();
  expect(await w.item("own-2")).toMatchObject({ state: "fail" });
  await assessRisk(w.as(mara, days(1)), { name: w.model.name, answers: { ...calm, Q7: null }, legalClass: "minimal" });
  expect(await w.item("own-2", days(1))).toMatchObject({ state: "fail" });
});

test.each<[string, Record<string, unknown>, string]>([
  ["a score outside the scale", { answers: { ...calm, Q1: 5 } }, "answers.Q1"],
  ["an unknown question", { answers: { ...calm, Q13: 0 } }, "answers.Q13"],
  ["Annex III without its area", { legalClass: "high_risk_annex_iii" }, "legal.annexArea"],
  [
    "not high-risk while it profiles people",
    {
      legalClass: "annex_iii_not_high_risk",
      legal: { annexArea: 5, ground: "a", reason: "It only sorts incoming documents.", profilesPeople: true },
    },
    "legal.profilesPeople",
  ],
])("risk answers with %s are refused and name the field", async (_what, over, field) => {
  await expect(
    assessRisk(w.as(mara), { name: w.model.name, answers: calm, legalClass: "minimal", ...over }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field }] });
});
