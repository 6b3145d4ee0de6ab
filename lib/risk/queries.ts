import "server-only";
import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { models, riskAssessments } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { tierOverrides } from "@/db/schema/risk";
import { query } from "@/lib/core/query";
import { modelSubject } from "@/lib/readiness/subject";
import { methodInForce } from "./method";

/** The last answers to the risk questions and those before, newest first (at most 20). */
export const modelRisk = query({
  name: "models.risk",
  title: "Read a model's risk assessments",
  http: { method: "GET", path: "/models/{name}/risk" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  run: async (read, { name }, actor) => {
    const model = await modelSubject(read, name, actor);
    const rows = await read
      .select({ row: riskAssessments, byName: people.name })
      .from(riskAssessments)
      .innerJoin(people, eq(people.id, riskAssessments.answeredBy))
      .where(eq(riskAssessments.modelId, model.id))
      .orderBy(desc(riskAssessments.answeredAt), desc(riskAssessments.id))
      .limit(20);
    const overrides = await read
      .select()
      .from(tierOverrides)
      .where(eq(tierOverrides.modelId, model.id))
      .orderBy(desc(tierOverrides.at), desc(tierOverrides.id))
      .limit(20);
    const [mark] = await read
      .select({ since: models.rescoreSince, why: models.rescoreWhy })
      .from(models)
      .where(eq(models.id, model.id));
    return {
      model,
      items: rows.map(({ row, byName }) => ({ ...row, byName })),
      overrides,
      rescore: mark?.since ? { since: mark.since, why: mark.why } : null,
    };
  },
});

export const riskQuestionnaire = query({
  name: "risk.questionnaire",
  title: "Read the risk questionnaire",
  http: { method: "GET", path: "/risk/questionnaire" },
  input: z.strictObject({}),
  run: async (read) => {
    const { questionnaire: found, scoring } = await methodInForce(read);
    const { bytes: _bytes, file: _file, ...questionnaire } = found;
    return { ...questionnaire, scoring };
  },
});
