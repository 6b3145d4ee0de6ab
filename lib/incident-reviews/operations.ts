import "server-only";
import { findIncidents, getIncident } from "./queries";
import { addCondition, addDebt, openReview, proposeChange, publishReview, writeReview } from "./work";

export const incidentReviewOperations = [
  findIncidents,
  getIncident,
  openReview,
  writeReview,
  addCondition,
  proposeChange,
  addDebt,
  publishReview,
] as const;
