"use server";
import { actionContext } from "@/lib/auth/context";
import { type FormState, formAction } from "@/lib/http/form-action";
import { problemOf } from "@/lib/http/problem";
import { addChannel, pauseChannel, removeChannel, testChannel } from "@/lib/notifications/channels";

const added = formAction(addChannel, actionContext, {
  message: ({ name }) => `${name} is told from now on. Send it a test message.`,
});
const paused = formAction(pauseChannel, actionContext, {
  message: (done) => (done.paused ? "Paused. What happens meanwhile is not said later." : "It is told again."),
});
const removed = formAction(removeChannel, actionContext, { message: "It is told no more." });

export async function add(before: FormState, form: FormData): Promise<FormState> {
  return added(before, form);
}

export async function pause(before: FormState, form: FormData): Promise<FormState> {
  return paused(before, form);
}

export async function remove(before: FormState, form: FormData): Promise<FormState> {
  return removed(before, form);
}

/** A query, because it changes nothing here: what the channel answered comes back in words. */
export async function tryOut(_before: FormState, form: FormData): Promise<FormState> {
  const rest = { faults: [], values: {} };
  let requestId = "";
  try {
    const ctx = await actionContext();
    requestId = ctx.requestId;
    const { ok, answer } = await testChannel(ctx, { id: form.get("id") });
    return { status: ok ? "done" : "refused", message: ok ? `It was taken: ${answer}` : answer, ...rest };
  } catch (error) {
    return { status: "refused", message: problemOf(error, requestId).detail, ...rest };
  }
}
