import "server-only";
import { and, desc, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { models } from "@/db/schema/models";
import { reviewModels } from "@/db/schema/review-scope";
import { reviews } from "@/db/schema/reviews";
import { holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { modelNamed } from "@/lib/decisions/load";

/** The newest reviews whose present round concerns a model, whichever model they were begun for. */
export const reviewsOfModel = query({
  name: "review.model.listed",
  title: "List the newest reviews of a model",
  http: null,
  input: z.strictObject({ model: z.string().trim().min(1).max(255) }),
  async run(read, input, actor) {
    const model = await modelNamed(read, input.model);
    if (!holds(actor, "reviews:read", model.businessUnitId)) return [];
    return read
      .select({
        ref: reviews.ref,
        title: reviews.title,
        status: reviews.status,
        lane: reviews.lane,
        promisedOn: reviews.promisedOn,
        decidedAt: reviews.decidedAt,
        with: sql<string[]>`array(select n.name from review_model x join ${models} n on n.id = x.model_id
          where x.review_id = ${reviews.id} and x.round = ${reviews.round} and n.id <> ${model.id} order by n.name)`,
      })
      .from(reviewModels)
      .innerJoin(reviews, and(eq(reviews.id, reviewModels.reviewId), eq(reviews.round, reviewModels.round)))
      .where(and(eq(reviewModels.modelId, model.id), ne(reviews.status, "draft")))
      .orderBy(desc(reviews.id))
      .limit(5);
  },
});
