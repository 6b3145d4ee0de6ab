"use server";
import { z } from "zod";
import { actionContext } from "@/lib/auth/context";
import type { Ctx } from "@/lib/core/command";
import { type FormState, formAction } from "@/lib/http/form-action";
import { assessRisk } from "@/lib/risk/assess";
import { overrideTier, withdrawOverride } from "@/lib/risk/override";
import { askRescore } from "@/lib/risk/rescore";

const Sent = z.looseObject({ answers: z.string().max(1000) });

/** The answers come as one field of JSON, because a form cannot say null and "don't know" is an answer. */
const fromQuestionnaire = Object.assign(
  (ctx: Ctx, raw: unknown) => {
    const sent = Sent.safeParse(raw);
    if (!sent.success) return assessRisk(ctx, raw);
    const { choice: _shown, ...rest } = sent.data;
    return assessRisk(ctx, { ...rest, answers: parsed(sent.data.answers) });
  },
  { spec: assessRisk.spec },
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function recordRisk(before: FormState, form: FormData): Promise<FormState> {
  const back = `/models/${encodeURIComponent(String(form.get("name")))}/risk?recorded=1`;
  return formAction(fromQuestionnaire, actionContext, { message: "Recorded.", goTo: () => back })(before, form);
}

export async function overrideAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(overrideTier, actionContext, { message: ({ to }) => `Tier ${to} from now on.` })(before, form);
}

export async function withdrawAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(withdrawOverride, actionContext, { message: "Withdrawn." })(before, form);
}

export async function askRescoreAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(askRescore, actionContext, { message: "Asked; the tier is marked until then." })(before, form);
}
