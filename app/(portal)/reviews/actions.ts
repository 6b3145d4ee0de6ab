"use server";
import { revalidatePath } from "next/cache";
import type { Saved } from "@/components/reviews/draft/autosave";
import { askAcceptance, decideAcceptance, endAcceptance } from "@/lib/acceptances/accept";
import { actionContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { openSigning, signWithDemoKey } from "@/lib/credentials/sign-actions";
import { type FormState, formAction } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { needsInWords } from "@/lib/readiness/risk-acceptance";
import { askAdvice, giveAdvice, recordAdviceUse } from "@/lib/reviews/advice";
import { assignReviewer, unassignReviewer } from "@/lib/reviews/assign";
import { askForChange } from "@/lib/reviews/change";
import { acceptCondition, answerCondition, extendCondition, returnCondition } from "@/lib/reviews/condition";
import { recordDecision } from "@/lib/reviews/decide";
import { addComment, changeLane, requestChanges } from "@/lib/reviews/discuss";
import { createDraft, saveDraft, withdrawReview } from "@/lib/reviews/draft";
import { draftNow } from "@/lib/reviews/draft-now";
import { answerDisagreement, raiseDisagreement } from "@/lib/reviews/escalate";
import {
  acceptFinding,
  answerFinding,
  assignFinding,
  raiseFinding,
  reopenFinding,
  resolveFinding,
  verifyFinding,
} from "@/lib/reviews/finding";
import { intakeModels } from "@/lib/reviews/intake";
import { answerSurvey, lookBack } from "@/lib/reviews/look-back";
import { sayNotRequired } from "@/lib/reviews/not-required";
import { findOverlaps } from "@/lib/reviews/overlap";
import type { Overlap } from "@/lib/reviews/overlap-rules";
import { getReview } from "@/lib/reviews/queries";
import { prepareDecisionSignature, signDecision } from "@/lib/reviews/sign-decision";
import { submitReview } from "@/lib/reviews/submit";
import { castVote, declareRecusal } from "@/lib/reviews/vote";
import { openVote as openVoteCommand } from "@/lib/reviews/vote-call";
import type { SigningState } from "@/lib/signing/signing-state";

const goTo = ({ ref }: { ref: string }) => `/reviews/${ref}`;

export const begin = formAction(createDraft, actionContext, { message: "Draft begun.", goTo });
export const beginChange = formAction(askForChange, actionContext, { message: "Begun.", goTo });
export const askForAdvice = formAction(askAdvice, actionContext, { message: "Asked." });
export const advise = formAction(giveAdvice, actionContext, { message: "Your advice is recorded." });
export const adviceDone = formAction(recordAdviceUse, actionContext, { message: "Saved." });
export const withdraw = formAction(withdrawReview, actionContext, { message: "Withdrawn." });
export const comment = formAction(addComment, actionContext, { message: "Comment added." });
export const askForChanges = formAction(requestChanges, actionContext, { message: "Handed back to the author." });
export const moveLane = formAction(changeLane, actionContext, { message: "Lane changed." });
export const raise = formAction(raiseFinding, actionContext, { message: "Finding raised." });
export const answer = formAction(answerFinding, actionContext, { message: "Answer added." });
export const accept = formAction(acceptFinding, actionContext, { message: "Accepted." });
export const assign = formAction(assignFinding, actionContext, { message: "Owner and date are set." });
export const resolve = formAction(resolveFinding, actionContext, { message: "Marked as resolved." });
export const verify = formAction(verifyFinding, actionContext, { message: "Verified." });
export const reopen = formAction(reopenFinding, actionContext, { message: "Reopened." });
export const nameReviewer = formAction(assignReviewer, actionContext, { message: "Named." });
export const endReviewer = formAction(unassignReviewer, actionContext, { message: "Taken off." });
export const recuse = formAction(declareRecusal, actionContext, { message: "You are recused." });
export const disagree = formAction(raiseDisagreement, actionContext, { message: "It is before the chair." });
export const lookAgain = formAction(lookBack, actionContext, { message: "Recorded." });
export const answerQuestions = formAction(answerSurvey, actionContext, { message: "Thank you." });
export const settle = formAction(answerDisagreement, actionContext, { message: "Settled." });
export const vote = formAction(castVote, actionContext, { message: "Vote recorded." });
export const answerCon = formAction(answerCondition, actionContext, { message: "Answered. The chair is next." });
export const acceptCon = formAction(acceptCondition, actionContext, { message: "Accepted." });
export const returnCon = formAction(returnCondition, actionContext, { message: "Returned to its owner." });
export const askForAcceptance = formAction(askAcceptance, actionContext, {
  message: ({ ref, needs }) => `${ref} waits for ${needsInWords(needs)}.`,
});
export const ruleOnRisk = formAction(decideAcceptance, actionContext, { message: "Recorded." });
export const endAcceptanceOf = formAction(endAcceptance, actionContext, { message: "Ended." });
export const extendCon = formAction(extendCondition, actionContext, { message: "Extended." });

/** What the draft's form sends. The commands parse it; nothing here is trusted. */
type DraftInput = { ref: string; revision: number; title: string; adr: string | null; submission: unknown };

/** A title that is still too short to be one keeps nothing else from being saved. */
const toSave = ({ title, ...draft }: DraftInput) => (title.trim().length >= 3 ? { ...draft, title } : draft);

export async function autosave(draft: DraftInput): Promise<Saved> {
  return saying((ctx) => saved(ctx, draft));
}

export const notRequired = formAction(sayNotRequired, actionContext, { message: "Recorded: no decision is needed." });

/** Models that the writer of a draft can name beside its first. */
export async function findModels(text: string): Promise<{ value: string; label: string }[]> {
  const models = await intakeModels(await actionContext(), { q: text.slice(0, 200) });
  return models.map((m) => ({ value: m.name, label: m.tier === null ? "not assessed" : `Tier ${m.tier}` }));
}

/** What overlaps with a draft as it is on the screen. */
export async function findOverlap(
  ref: string,
  about: { system: string; further: readonly string[] },
): Promise<Overlap[]> {
  const ctx = await actionContext();
  const { model } = await getReview(ctx, { ref });
  return (await findOverlaps(ctx, { model: model.id, ...about, review: ref })).items;
}

/** Saves what is on the screen, then submits exactly that revision. */
export async function saveAndSubmit(draft: DraftInput): Promise<Saved> {
  const done = await saying(async (ctx) => {
    const first = await saved(ctx, draft);
    if (!first.ok) return first;
    const { revision } = first;
    const sent = await saying(async (again) => {
      await submitReview(again, { ref: draft.ref, revision });
      return first;
    });
    return sent.ok ? sent : { ...sent, revision };
  });
  if (done.ok) revalidatePath("/", "layout");
  return done;
}

/** Saves; when someone saved another revision first, answers with what they saved. */
async function saved(ctx: Ctx, draft: DraftInput): Promise<Saved> {
  try {
    return { ok: true, revision: (await saveDraft(ctx, toSave(draft))).revision };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "conflict") throw error;
    const theirs = await draftNow(ctx, { ref: draft.ref });
    if (theirs === null || theirs.revision === draft.revision) throw error;
    return { ok: false as const, message: error.message, faults: error.faults, theirs };
  }
}

/** The decision panel sends one structured value, since conditions are a list. */
export async function decide(input: unknown): Promise<FormState> {
  const said = await saying(async (ctx) => {
    await recordDecision(ctx, input);
    return { ok: true as const, revision: 0 };
  });
  if (said.ok) revalidatePath("/", "layout");
  return said.ok
    ? { status: "done", message: "Decision recorded.", faults: [], values: {} }
    : { status: "refused", message: said.message, faults: said.faults, values: {} };
}

async function saying(run: (ctx: Ctx) => Promise<Saved>): Promise<Saved> {
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    return await run(ctx);
  } catch (error) {
    return {
      ok: false,
      message: problemOf(error, requestId).detail,
      faults: error instanceof Refusal ? error.faults : [],
    };
  }
}

/** Day and time are two fields; the command takes the instant. */
export async function openVote(before: FormState, form: FormData): Promise<FormState> {
  const sent = new FormData();
  for (const name of ["ref", "round:number"]) sent.set(name, form.get(name) ?? "");
  sent.set("closesAt", `${form.get("day")}T${form.get("time")}:00Z`);
  return formAction(openVoteCommand, actionContext, { message: "Voting is open until then." })(before, sent);
}

export async function openDecision(_before: SigningState, form: FormData): Promise<SigningState> {
  return openSigning(actionContext, form, prepareDecisionSignature);
}

export async function signDecisionDemo(_before: SigningState, form: FormData): Promise<SigningState> {
  return signWithDemoKey(actionContext, form, "decide", signDecision);
}
