import "server-only";
import { askAdvice, giveAdvice, recordAdviceUse } from "./advice";
import { assignReviewer, readExpertise, sayExpertise, suggestReviewers, unassignReviewer } from "./assign";
import { askForChange } from "./change";
import { acceptCondition, answerCondition, extendCondition, returnCondition } from "./condition";
import { recordDecision } from "./decide";
import { addComment, changeLane, requestChanges } from "./discuss";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { answerDisagreement, raiseDisagreement } from "./escalate";
import {
  acceptFinding,
  answerFinding,
  assignFinding,
  raiseFinding,
  reopenFinding,
  resolveFinding,
  verifyFinding,
} from "./finding";
import { findFindings } from "./findings-list";
import { prepareIntake } from "./intake";
import { findConditions, findReviews } from "./list";
import { answerSurvey, lookBack } from "./look-back";
import { boardMeasures, measureRows } from "./measure";
import { sayNotRequired } from "./not-required";
import { findOverlaps } from "./overlap";
import { getReview, getStanding } from "./queries";
import { prepareDecisionSignature, signDecision } from "./sign-decision";
import { submitReview } from "./submit";
import { castVote, declareRecusal } from "./vote";
import { openVote } from "./vote-call";

export const reviewOperations = [
  findReviews,
  boardMeasures,
  measureRows,
  getReview,
  getStanding,
  prepareIntake,
  findOverlaps,
  findConditions,
  createDraft,
  askForChange,
  saveDraft,
  submitReview,
  withdrawReview,
  addComment,
  requestChanges,
  changeLane,
  raiseFinding,
  answerFinding,
  acceptFinding,
  assignFinding,
  resolveFinding,
  verifyFinding,
  reopenFinding,
  findFindings,
  askAdvice,
  giveAdvice,
  recordAdviceUse,
  suggestReviewers,
  assignReviewer,
  unassignReviewer,
  readExpertise,
  sayExpertise,
  declareRecusal,
  castVote,
  openVote,
  recordDecision,
  prepareDecisionSignature,
  signDecision,
  sayNotRequired,
  answerCondition,
  acceptCondition,
  returnCondition,
  extendCondition,
  raiseDisagreement,
  answerDisagreement,
  lookBack,
  answerSurvey,
] as const;
