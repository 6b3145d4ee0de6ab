import "server-only";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { submitReview } from "./submit";

export const reviewOperations = [createDraft, saveDraft, submitReview, withdrawReview] as const;
