"use server";
import { revalidatePath } from "next/cache";
import { actionContext } from "@/lib/auth/context";
import { Refusal } from "@/lib/core/refusal";
import { type FormState, formAction } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "@/lib/meetings/agenda";
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

async function changing(
  run: (ctx: Awaited<ReturnType<typeof actionContext>>) => Promise<{ revision: number }>,
): Promise<Changed> {
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
