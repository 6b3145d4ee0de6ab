"use server";
import { actionContext } from "@/lib/auth/context";
import { answerCampaign } from "@/lib/campaigns/answer";
import { closeCampaign } from "@/lib/campaigns/close";
import { openCampaign } from "@/lib/campaigns/open";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function openAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openCampaign, actionContext, {
    message: "Opened.",
    goTo: ({ ref }) => `/campaigns/${ref}`,
  })(before, form);
}

export async function answerAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(answerCampaign, actionContext, {
    message: ({ models }) => `Recorded for ${models} ${models === 1 ? "model" : "models"}.`,
  })(before, form);
}

export async function closeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(closeCampaign, actionContext, { message: "Closed; what was attested is frozen." })(before, form);
}
