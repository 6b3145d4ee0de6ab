"use server";
import { actionContext } from "@/lib/auth/context";
import { answerCampaign } from "@/lib/campaigns/answer";
import { answerUpgrade } from "@/lib/campaigns/answer-upgrade";
import { closeCampaign } from "@/lib/campaigns/close";
import { openCampaign } from "@/lib/campaigns/open";
import { openRaise, withdrawRaise } from "@/lib/campaigns/open-raise";
import { openUpgrade } from "@/lib/campaigns/open-upgrade";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function openAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openCampaign, actionContext, {
    message: "Opened.",
    goTo: ({ ref }) => `/campaigns/${ref}`,
  })(before, form);
}

export async function openUpgradeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openUpgrade, actionContext, {
    message: "Opened.",
    goTo: ({ ref }) => `/campaigns/${ref}`,
  })(before, form);
}

export async function openRaiseAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(openRaise, actionContext, {
    message: "Opened.",
    goTo: ({ ref }) => `/campaigns/${ref}`,
  })(before, form);
}

export async function withdrawRaiseAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(withdrawRaise, actionContext, { message: "Taken back." })(before, form);
}

export async function answerUpgradeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(answerUpgrade, actionContext, {
    message: ({ models, answer }) =>
      `${answer === "upgrade" ? "Moved" : "Deferred"} ${models} ${models === 1 ? "model" : "models"}.`,
  })(before, form);
}

export async function answerAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(answerCampaign, actionContext, {
    message: ({ models }) => `Recorded for ${models} ${models === 1 ? "model" : "models"}.`,
  })(before, form);
}

export async function closeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(closeCampaign, actionContext, { message: "Closed; what was answered is frozen." })(before, form);
}
