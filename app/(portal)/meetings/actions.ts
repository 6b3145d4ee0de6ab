"use server";
import { revalidatePath } from "next/cache";
import { actionContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { type FormState, formAction } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "@/lib/meetings/agenda";
import { joinMeeting, leaveMeeting } from "@/lib/meetings/attend";
import { endItem, leadItem, saveNotes, takeUpItem } from "@/lib/meetings/discuss";
import { makeFeed, revokeFeed } from "@/lib/meetings/feed";
import { closeMeeting, openMeeting, takeLead } from "@/lib/meetings/hold";
import { correctMinutes, publishMinutes, saveMinutes } from "@/lib/meetings/keep-minutes";
import { cancelMeeting, moveMeeting, planMeeting } from "@/lib/meetings/plan";
import { createSeries, endSeries } from "@/lib/meetings/series";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

export const planAction: Action = async (before, form) =>
  formAction(planMeeting, actionContext, { message: "Planned.", goTo: ({ ref }) => `/meetings/${ref}` })(before, form);
export const seriesAction: Action = async (before, form) =>
  formAction(createSeries, actionContext, { message: "Begun.", goTo: () => "/meetings" })(before, form);
export const endSeriesAction: Action = async (before, form) =>
  formAction(endSeries, actionContext, { message: "Ended." })(before, form);
export const moveAction: Action = async (before, form) =>
  formAction(moveMeeting, actionContext, { message: "Moved." })(before, form);
export const cancelAction: Action = async (before, form) =>
  formAction(cancelMeeting, actionContext, { message: "Cancelled." })(before, form);
export const addItemAction: Action = async (before, form) =>
  formAction(addItem, actionContext, { message: "On the agenda." })(before, form);
export const fillAction: Action = async (before, form) =>
  formAction(fillAgenda, actionContext, { message: ({ added, unfit }) => sayFilled(added, unfit) })(before, form);

const sayFilled = (added: readonly string[], unfit: readonly string[]): string =>
  added.length === 0
    ? unfit.length === 0
      ? "Nothing waits for the full board."
      : `No time is left for ${unfit.join(", ")}.`
    : `Added ${added.join(", ")}.${unfit.length > 0 ? ` No time is left for ${unfit.join(", ")}.` : ""}`;

/** What the agenda's list shows after a change: the new revision, or why not. */
export type Changed = { ok: true; revision: number } | { ok: false; message: string };

async function changing(run: (ctx: Ctx) => Promise<{ revision: number }>): Promise<Changed> {
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    const { revision } = await run(ctx);
    revalidatePath("/meetings", "layout");
    return { ok: true, revision };
  } catch (error) {
    // Someone else's change is what the reader has to see next.
    if (error instanceof Refusal && error.code === "conflict") revalidatePath("/meetings", "layout");
    return { ok: false, message: problemOf(error, requestId).detail };
  }
}

/** The commands parse these; nothing here is trusted. */
export const order = async (input: { ref: string; revision: number; items: readonly string[] }): Promise<Changed> =>
  changing((ctx) => orderAgenda(ctx, input));
export const retime = async (input: {
  ref: string;
  revision: number;
  item: string;
  minutes: number;
}): Promise<Changed> => changing((ctx) => changeItem(ctx, input));
export const takeOff = async (input: { ref: string; revision: number; item: string }): Promise<Changed> =>
  changing((ctx) => removeItem(ctx, input));

export const openAction: Action = async (before, form) =>
  formAction(openMeeting, actionContext, { message: "Opened.", goTo: ({ ref }) => `/meetings/${ref}/live` })(
    before,
    form,
  );
export const leadAction: Action = async (before, form) =>
  formAction(takeLead, actionContext, { message: "You lead." })(before, form);
export const joinAction: Action = async (before, form) =>
  formAction(joinMeeting, actionContext, { message: ({ person }) => `${person} is here.` })(before, form);
export const leaveAction: Action = async (before, form) =>
  formAction(leaveMeeting, actionContext, { message: ({ person }) => `${person} left.` })(before, form);
export const beginAction: Action = async (before, form) =>
  formAction(takeUpItem, actionContext, { message: "Begun." })(before, form);
export const leadItemAction: Action = async (before, form) =>
  formAction(leadItem, actionContext, { message: "You lead this item." })(before, form);
export const endItemAction: Action = async (before, form) =>
  formAction(endItem, actionContext, { message: "Ended." })(before, form);
export const closeAction: Action = async (before, form) =>
  formAction(closeMeeting, actionContext, { message: "Closed.", goTo: ({ ref }) => `/meetings/${ref}/minutes` })(
    before,
    form,
  );
export const publishAction: Action = async (before, form) =>
  formAction(publishMinutes, actionContext, { message: "Published and fixed." })(before, form);
export const correctAction: Action = async (before, form) =>
  formAction(correctMinutes, actionContext, { message: ({ edition }) => `Edition ${edition} is begun.` })(before, form);

export type NotesSaved = { ok: true; revision: number } | { ok: false; message: string; conflict: boolean };

/** Saves words that were typed; the screen keeps them whatever comes back. */
async function writing(run: (ctx: Ctx) => Promise<{ revision: number }>): Promise<NotesSaved> {
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    const { revision } = await run(ctx);
    return { ok: true, revision };
  } catch (error) {
    const conflict = error instanceof Refusal && error.code === "conflict";
    if (conflict) revalidatePath("/meetings", "layout");
    return { ok: false, message: problemOf(error, requestId).detail, conflict };
  }
}

export const noteAction = async (input: {
  ref: string;
  item: string;
  revision: number;
  notes: string;
}): Promise<NotesSaved> => writing((ctx) => saveNotes(ctx, input));
export const minutesAction = async (input: {
  ref: string;
  revision: number;
  summary: string;
  texts: Readonly<Record<string, string>>;
}): Promise<NotesSaved> => writing((ctx) => saveMinutes(ctx, input));

export const makeFeedAction: Action = async (before, form) =>
  formAction(makeFeed, actionContext, {
    message: ({ path }) => `Your address, shown this once: ${new URL(path, config().publicUrl).href}`,
  })(before, form);
export const revokeFeedAction: Action = async (before, form) =>
  formAction(revokeFeed, actionContext, { message: "Taken back." })(before, form);
