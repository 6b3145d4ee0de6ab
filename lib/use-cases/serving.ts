import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { models, modelUseCases } from "@/db/schema/models";

/** The condition on `models` that keeps them to those that serve a use case, as their main one or beside it. */
export const servesUseCase = (useCaseId: string): SQL => sql`(${models.useCaseId} = ${useCaseId}
  or exists (select 1 from ${modelUseCases} l where l.model_id = ${models.id} and l.use_case_id = ${useCaseId}))`;
