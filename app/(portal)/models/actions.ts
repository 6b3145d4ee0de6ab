"use server";
import { actionContext } from "@/lib/auth/context";
import { importCard } from "@/lib/cards/import";
import { type FormState, formAction } from "@/lib/http/form-action";
import { askOwners } from "@/lib/models/ask-owners";
import { changeStage } from "@/lib/models/change-stage";
import { claimModel } from "@/lib/models/claim";
import { editModel } from "@/lib/models/edit";
import { planEndOfLife } from "@/lib/models/end-of-life";
import { registerModel } from "@/lib/models/register";
import { dropView, editView, saveView } from "@/lib/views/keep";

const hrefOf = (result: unknown): string =>
  typeof result === "object" && result !== null && "name" in result && typeof result.name === "string"
    ? `/models/${encodeURIComponent(result.name)}`
    : "/models";

export async function askOwnersAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(askOwners, actionContext, { message: "The owners are asked; each model's history says so." })(
    before,
    form,
  );
}

export async function registerAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(registerModel, actionContext, { message: "Registered.", goTo: hrefOf })(before, form);
}

export async function claimAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(claimModel, actionContext, { message: "Claimed.", goTo: hrefOf })(before, form);
}

export async function editAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editModel, actionContext, { message: "Saved.", goTo: hrefOf })(before, form);
}

export async function stageAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(changeStage, actionContext, { message: "The stage is changed.", goTo: hrefOf })(before, form);
}

export async function endOfLifeAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(planEndOfLife, actionContext, { message: "The plan is on record.", goTo: hrefOf })(before, form);
}

const viewHref = (result: { id: string; query: string }): string =>
  `/models?${result.query}${result.query ? "&" : ""}view=${result.id}`;

export async function saveViewAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(saveView, actionContext, { message: "Saved.", goTo: viewHref })(before, form);
}

export async function editViewAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(editView, actionContext, { message: "Saved.", goTo: viewHref })(before, form);
}

export async function dropViewAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(dropView, actionContext, { message: "Dropped.", goTo: () => "/models" })(before, form);
}

export async function cardAction(before: FormState, form: FormData): Promise<FormState> {
  return formAction(importCard, actionContext, {
    message: (result) => {
      const unknown = result?.unknownDatasets ?? [];
      return unknown.length > 0
        ? `The card is kept. The inventory does not know ${unknown.slice(0, 5).join(", ")}; register what is yours as an asset.`
        : "The card is kept, and the version says what it says.";
    },
  })(before, form);
}
